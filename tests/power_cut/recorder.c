/* Writes down, in order, all that a process changes in one folder, and what it makes durable there.

   LD_PRELOAD=recorder.so POWER_CUT_FOLDER=/absolute/folder POWER_CUT_LOG=/file/elsewhere program

   A record is in the log before the call that it describes returns, so whoever hears of a change finds it there.
   recorder.py reads the log. What is not understood here is written down too, so that nobody trusts a log with holes. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind {
    CREATE = 1,
    WRITE,
    TRUNCATE,
    SYNC_BEGIN,
    SYNC_END,
    RENAME,
    UNLINK,
    LINK,
    MAKE_FOLDER,
    REMOVE_FOLDER,
    NOT_UNDERSTOOD,
};

struct head {
    uint32_t kind;
    uint32_t path_size; /* two paths have a NUL between them */
    uint64_t inode;
    int64_t offset; /* of a write; the size after a truncation; the number of a sync */
    uint64_t data_size;
};

static int log_fd = -1;
static char folder[PATH_MAX];
static size_t folder_size;
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;
static atomic_uint_fast64_t sync_number;

__attribute__((constructor)) static void begin(void)
{
    const char *place = getenv("POWER_CUT_FOLDER"), *log = getenv("POWER_CUT_LOG");
    if (!place || !log || strlen(place) >= sizeof folder)
        return;
    strcpy(folder, place);
    folder_size = strlen(folder);
    int fd = syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    /* Away from the numbers that programs expect for themselves. */
    int high = fd < 0 ? -1 : fcntl(fd, F_DUPFD_CLOEXEC, 500);
    if (high < 0)
        abort();
    syscall(SYS_close, fd);
    atomic_store(&sync_number, (uint64_t)getpid() << 32);
    log_fd = high;
}

static void put(enum kind kind, uint64_t inode, int64_t offset, const char *path, const char *second, const void *data,
                size_t size)
{
    size_t first_size = path ? strlen(path) : 0, second_size = second ? strlen(second) + 1 : 0;
    struct head head = {kind, first_size + second_size, inode, offset, size};
    struct iovec parts[] = {
        {&head, sizeof head},
        {(void *)path, first_size},
        /* The NUL that ends the first path stands before the second. */
        {(void *)"", second ? 1 : 0},
        {(void *)second, second ? second_size - 1 : 0},
        {(void *)data, size},
    };
    /* One call: processes that share the log don't write into each other's records. */
    if (syscall(SYS_writev, log_fd, parts, 5) != (long)(sizeof head + first_size + second_size + size))
        abort();
}

static int is_inside(const char *path)
{
    return strncmp(path, folder, folder_size) == 0 && (path[folder_size] == '/' || path[folder_size] == 0);
}

static int path_of(int fd, char *path)
{
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_MAX - 1);
    if (size < 0)
        return 0;
    path[size] = 0;
    return 1;
}

/* Whether the path, as a call names it, lies in the folder; `whole` is then its absolute form. */
static int find(int at, const char *path, char *whole)
{
    if (log_fd < 0 || !path)
        return 0;
    if (path[0] == '/') {
        if (strlen(path) >= PATH_MAX)
            return 0;
        strcpy(whole, path);
    } else {
        if (at == AT_FDCWD ? syscall(SYS_getcwd, whole, PATH_MAX) < 0 : !path_of(at, whole))
            return 0;
        if (strlen(whole) + strlen(path) + 2 > PATH_MAX)
            return 0;
        strcat(strcat(whole, "/"), path);
    }
    return is_inside(whole);
}

/* Whether the descriptor is a file or folder in ours. */
static int is_ours(int fd, struct stat *about)
{
    char path[PATH_MAX];
    return log_fd >= 0 && fstat(fd, about) == 0 && (S_ISREG(about->st_mode) || S_ISDIR(about->st_mode))
        && path_of(fd, path) && is_inside(path);
}

static void not_understood(int fd, const char *call)
{
    struct stat about;
    int error = errno;
    if (is_ours(fd, &about))
        put(NOT_UNDERSTOOD, about.st_ino, 0, call, NULL, NULL, 0);
    errno = error;
}

#define LOCKED(result, call, record)                                                                                   \
    pthread_mutex_lock(&order);                                                                                        \
    result = (call);                                                                                                   \
    int error = errno;                                                                                                 \
    if (result >= 0) {                                                                                                 \
        record;                                                                                                        \
    }                                                                                                                  \
    pthread_mutex_unlock(&order);                                                                                      \
    errno = error

static int open_file(int at, const char *path, int flags, mode_t mode)
{
    char whole[PATH_MAX];
    if (!(flags & (O_CREAT | O_TRUNC)) && (flags & O_TMPFILE) != O_TMPFILE)
        return syscall(SYS_openat, at, path, flags, mode);
    if (!find(at, path, whole))
        return syscall(SYS_openat, at, path, flags, mode);
    struct stat before, now;
    int fd;
    pthread_mutex_lock(&order);
    int was_there = fstatat(at, path, &before, 0) == 0;
    fd = syscall(SYS_openat, at, path, flags, mode);
    int error = errno;
    if (fd >= 0 && fstat(fd, &now) == 0) {
        if ((flags & O_TMPFILE) == O_TMPFILE)
            put(NOT_UNDERSTOOD, now.st_ino, 0, "O_TMPFILE", NULL, NULL, 0);
        else if (!was_there)
            put(CREATE, now.st_ino, 0, whole, NULL, NULL, 0);
        else if ((flags & O_TRUNC) && before.st_size > 0)
            put(TRUNCATE, now.st_ino, 0, NULL, NULL, NULL, 0);
    }
    pthread_mutex_unlock(&order);
    errno = error;
    return fd;
}

#define MODE_OF(flags, last)                                                                                           \
    mode_t mode = 0;                                                                                                   \
    if ((flags) & (O_CREAT | O_TMPFILE)) {                                                                             \
        va_list rest;                                                                                                  \
        va_start(rest, last);                                                                                          \
        mode = va_arg(rest, mode_t);                                                                                   \
        va_end(rest);                                                                                                  \
    }

int open(const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_file(AT_FDCWD, path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_file(AT_FDCWD, path, flags, mode);
}

int openat(int at, const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_file(at, path, flags, mode);
}

int openat64(int at, const char *path, int flags, ...)
{
    MODE_OF(flags, flags)
    return open_file(at, path, flags, mode);
}

int __open64_2(const char *path, int flags) { return open_file(AT_FDCWD, path, flags, 0); }

ssize_t write(int fd, const void *data, size_t size)
{
    struct stat about;
    if (!is_ours(fd, &about))
        return syscall(SYS_write, fd, data, size);
    ssize_t done;
    LOCKED(done, syscall(SYS_write, fd, data, size),
           put(WRITE, about.st_ino, lseek(fd, 0, SEEK_CUR) - done, NULL, NULL, data, done));
    return done;
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    struct stat about;
    if (!is_ours(fd, &about))
        return syscall(SYS_pwrite64, fd, data, size, offset);
    ssize_t done;
    LOCKED(done, syscall(SYS_pwrite64, fd, data, size, offset),
           put(WRITE, about.st_ino, offset, NULL, NULL, data, done));
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) { return pwrite64(fd, data, size, offset); }

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    not_understood(fd, "writev");
    return syscall(SYS_writev, fd, parts, count);
}

int ftruncate64(int fd, off64_t size)
{
    struct stat about;
    if (!is_ours(fd, &about))
        return syscall(SYS_ftruncate, fd, size);
    int done;
    LOCKED(done, syscall(SYS_ftruncate, fd, size), put(TRUNCATE, about.st_ino, size, NULL, NULL, NULL, 0));
    return done;
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

static int sync_file(int fd, long number_of_call)
{
    struct stat about;
    if (!is_ours(fd, &about))
        return syscall(number_of_call, fd);
    /* Only what was written before it began is durable when it ends; others write on meanwhile. */
    int64_t number = atomic_fetch_add(&sync_number, 1);
    put(SYNC_BEGIN, about.st_ino, number, NULL, NULL, NULL, 0);
    int done = syscall(number_of_call, fd);
    int error = errno;
    if (done == 0)
        put(SYNC_END, about.st_ino, number, NULL, NULL, NULL, 0);
    errno = error;
    return done;
}

int fsync(int fd) { return sync_file(fd, SYS_fsync); }

int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

static int rename_file(int from_at, const char *from, int to_at, const char *to)
{
    char former[PATH_MAX], whole[PATH_MAX];
    int is_from = find(from_at, from, former), is_to = find(to_at, to, whole), done;
    LOCKED(done, syscall(SYS_renameat, from_at, from, to_at, to),
           if (is_from && is_to) put(RENAME, 0, 0, former, whole, NULL, 0);
           else if (is_from || is_to) put(NOT_UNDERSTOOD, 0, 0, "rename across the folder's border", NULL, NULL, 0));
    return done;
}

int rename(const char *from, const char *to) { return rename_file(AT_FDCWD, from, AT_FDCWD, to); }

int renameat(int from_at, const char *from, int to_at, const char *to) { return rename_file(from_at, from, to_at, to); }

static int link_file(int from_at, const char *from, int to_at, const char *to, int flags)
{
    char former[PATH_MAX], whole[PATH_MAX];
    int is_from = find(from_at, from, former), is_to = find(to_at, to, whole), done;
    LOCKED(done, syscall(SYS_linkat, from_at, from, to_at, to, flags),
           if (is_from && is_to) put(LINK, 0, 0, former, whole, NULL, 0);
           else if (is_to) put(NOT_UNDERSTOOD, 0, 0, "link from outside", NULL, NULL, 0));
    return done;
}

int link(const char *from, const char *to) { return link_file(AT_FDCWD, from, AT_FDCWD, to, 0); }

int linkat(int from_at, const char *from, int to_at, const char *to, int flags)
{
    return link_file(from_at, from, to_at, to, flags);
}

int unlinkat(int at, const char *path, int flags)
{
    char whole[PATH_MAX];
    int done;
    if (!find(at, path, whole))
        return syscall(SYS_unlinkat, at, path, flags);
    LOCKED(done, syscall(SYS_unlinkat, at, path, flags),
           put(flags & AT_REMOVEDIR ? REMOVE_FOLDER : UNLINK, 0, 0, whole, NULL, NULL, 0));
    return done;
}

int unlink(const char *path) { return unlinkat(AT_FDCWD, path, 0); }

int rmdir(const char *path) { return unlinkat(AT_FDCWD, path, AT_REMOVEDIR); }

int mkdirat(int at, const char *path, mode_t mode)
{
    char whole[PATH_MAX];
    struct stat about;
    int done;
    if (!find(at, path, whole))
        return syscall(SYS_mkdirat, at, path, mode);
    LOCKED(done, syscall(SYS_mkdirat, at, path, mode),
           if (stat(whole, &about) == 0) put(MAKE_FOLDER, about.st_ino, 0, whole, NULL, NULL, 0));
    return done;
}

int mkdir(const char *path, mode_t mode) { return mkdirat(AT_FDCWD, path, mode); }

void *mmap64(void *address, size_t size, int protection, int flags, int fd, off64_t offset)
{
    char path[PATH_MAX];
    if (log_fd >= 0 && fd >= 0 && (flags & MAP_SHARED) && (protection & PROT_WRITE) && path_of(fd, path)) {
        size_t end = strlen(path);
        /* SQLite's index of its log: made anew by whoever opens the database first. */
        if (end < 4 || strcmp(path + end - 4, "-shm") != 0)
            not_understood(fd, "mmap");
    }
    return (void *)syscall(SYS_mmap, address, size, protection, flags, fd, offset);
}

void *mmap(void *address, size_t size, int protection, int flags, int fd, off_t offset)
{
    return mmap64(address, size, protection, flags, fd, offset);
}

ssize_t pwritev64v2(int fd, const struct iovec *parts, int count, off64_t offset, int flags)
{
    not_understood(fd, "pwritev2");
    return syscall(SYS_pwritev2, fd, parts, count, offset, 0, flags);
}

ssize_t copy_file_range(int from, off64_t *from_offset, int to, off64_t *to_offset, size_t size, unsigned flags)
{
    not_understood(to, "copy_file_range");
    return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t size)
{
    not_understood(to, "sendfile");
    return syscall(SYS_sendfile, to, from, offset, size);
}

int posix_fallocate64(int fd, off64_t offset, off64_t size)
{
    not_understood(fd, "posix_fallocate");
    return syscall(SYS_fallocate, fd, 0, offset, size) < 0 ? errno : 0;
}
