/* The same bytes to many sockets in one call; hub/socket_writes.py says what for, and does it without this too. */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* How much each socket took: all, some, nothing because it is full (0), or nothing because it is broken (0 as well: whoever
   writes the rest finds out). Returns how many did not take all. */
int write_to_all(const int32_t *sockets, int count, const char *data, size_t size, int64_t *taken)
{
    int unfinished = 0;
    for (int number = 0; number < count; number++) {
        ssize_t sent;
        do {
            sent = send(sockets[number], data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
        } while (sent < 0 && errno == EINTR);
        taken[number] = sent < 0 ? 0 : sent;
        unfinished += taken[number] != (int64_t)size;
    }
    return unfinished;
}
