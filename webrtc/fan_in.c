/* Datagrams in batches: read, told apart by their first byte (RFC 7983), and media decrypted in place by libsrtp.
 *
 * It does for a batch what UdpEndpoint and Endpoint._receive_media do for one datagram; fan_in.py loads it. Only addresses
 * that proved themselves are known here, so that nothing of a stranger reaches libsrtp; what comes from others is left
 * to Python, for whom one of them may have proved itself earlier in the same batch.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 64
#define PACKET_SIZE 2048
#define MAX_DATAGRAM 1500
#define ADDRESS_SIZE 28

typedef int (*unprotect_function)(void *context, void *packet, int *length);

enum { DROPPED, OTHER, RTP, RTCP };

/* What was read: the same order as the buffers. */
struct datagram {
    int64_t connection;
    int32_t length, kind;
    uint8_t address[ADDRESS_SIZE];
    int32_t address_size;
};

struct peer {
    uint8_t address[ADDRESS_SIZE];
    uint8_t used;
    int64_t connection;
    void *srtp;
    uint32_t *ssrcs; /* how many it brought to libsrtp, and which */
};

struct reader {
    unprotect_function unprotect, unprotect_rtcp;
    struct peer *peers; /* a hash table with open addressing, never more than half full */
    uint32_t capacity, count, most_ssrcs;
    int fd;
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    struct datagram datagrams[BATCH];
    uint8_t buffers[BATCH][PACKET_SIZE] __attribute__((aligned(64)));
};

void fan_in_layout(uint32_t *sizes) {
    sizes[0] = sizeof(struct datagram);
    sizes[1] = BATCH;
    sizes[2] = PACKET_SIZE;
}

struct reader *fan_in_open(int fd, unprotect_function unprotect, unprotect_function unprotect_rtcp, uint32_t most_ssrcs) {
    struct reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return NULL;
    reader->capacity = 256;
    reader->peers = calloc(reader->capacity, sizeof *reader->peers);
    if (reader->peers == NULL) {
        free(reader);
        return NULL;
    }
    reader->fd = fd;
    reader->unprotect = unprotect;
    reader->unprotect_rtcp = unprotect_rtcp;
    reader->most_ssrcs = most_ssrcs;
    for (int i = 0; i < BATCH; i++) {
        reader->parts[i].iov_base = reader->buffers[i];
        reader->parts[i].iov_len = PACKET_SIZE;
        reader->messages[i].msg_hdr.msg_iov = &reader->parts[i];
        reader->messages[i].msg_hdr.msg_iovlen = 1;
        reader->messages[i].msg_hdr.msg_name = reader->datagrams[i].address;
    }
    return reader;
}

void fan_in_close(struct reader *reader) {
    free(reader->peers);
    free(reader);
}

uint8_t *fan_in_buffers(struct reader *reader) { return reader->buffers[0]; }

struct datagram *fan_in_datagrams(struct reader *reader) { return reader->datagrams; }

static uint32_t hash(const uint8_t *address) {
    uint32_t value = 2166136261u;
    for (int i = 0; i < ADDRESS_SIZE; i++)
        value = (value ^ address[i]) * 16777619u;
    return value ^ value >> 15;
}

/* Where the address is, or would be. */
static struct peer *find(struct reader *reader, const uint8_t *address) {
    uint32_t place = hash(address) & (reader->capacity - 1);
    while (reader->peers[place].used && memcmp(reader->peers[place].address, address, ADDRESS_SIZE) != 0)
        place = (place + 1) & (reader->capacity - 1);
    return &reader->peers[place];
}

/* Returns 0 when there is no memory; then media from there is not taken. */
int fan_in_admit(struct reader *reader, const uint8_t *address, int64_t connection, void *srtp, uint32_t *ssrcs) {
    if (2 * (reader->count + 1) > reader->capacity) {
        struct peer *former = reader->peers, *larger = calloc(2 * reader->capacity, sizeof *larger);
        uint32_t capacity = reader->capacity;
        if (larger == NULL)
            return 0;
        reader->peers = larger;
        reader->capacity = 2 * capacity;
        for (uint32_t i = 0; i < capacity; i++)
            if (former[i].used)
                *find(reader, former[i].address) = former[i];
        free(former);
    }
    struct peer *peer = find(reader, address);
    reader->count += !peer->used;
    memcpy(peer->address, address, ADDRESS_SIZE);
    peer->used = 1;
    peer->connection = connection;
    peer->srtp = srtp;
    peer->ssrcs = ssrcs;
    return 1;
}

void fan_in_forget(struct reader *reader, const uint8_t *address) {
    struct peer *peer = find(reader, address);
    if (!peer->used)
        return;
    peer->used = 0;
    reader->count--;
    /* Those behind it in the same run may have been put there because it was in their way. */
    uint32_t place = (uint32_t)(peer - reader->peers);
    for (;;) {
        place = (place + 1) & (reader->capacity - 1);
        if (!reader->peers[place].used)
            return;
        struct peer moved = reader->peers[place];
        reader->peers[place].used = 0;
        *find(reader, moved.address) = moved;
    }
}

static int admit_ssrc(struct reader *reader, uint32_t *ssrcs, const uint8_t *at) {
    uint32_t ssrc;
    memcpy(&ssrc, at, 4);
    ssrc = ntohl(ssrc);
    for (uint32_t i = 1; i <= ssrcs[0]; i++)
        if (ssrcs[i] == ssrc)
            return 1;
    if (ssrcs[0] >= reader->most_ssrcs)
        return 0;
    ssrcs[++ssrcs[0]] = ssrc;
    return 1;
}

static void open_media(struct reader *reader, struct datagram *datagram, uint8_t *data) {
    struct peer *peer = find(reader, datagram->address);
    datagram->kind = peer->used ? DROPPED : OTHER;
    if (!peer->used || datagram->length < 12)
        return;
    int control = data[1] >= 192 && data[1] <= 223;
    if (!admit_ssrc(reader, peer->ssrcs, control ? data + 4 : data + 8))
        return;
    int length = datagram->length;
    if ((control ? reader->unprotect_rtcp : reader->unprotect)(peer->srtp, data, &length) != 0)
        return;
    datagram->connection = peer->connection;
    datagram->length = length;
    datagram->kind = control ? RTCP : RTP;
}

/* Returns how many datagrams were read, at most BATCH; 0: there are none, or the socket has an error to tell. */
int32_t fan_in_read(struct reader *reader) {
    for (int i = 0; i < BATCH; i++)
        reader->messages[i].msg_hdr.msg_namelen = ADDRESS_SIZE;
    int count = recvmmsg(reader->fd, reader->messages, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < count; i++) {
        struct datagram *datagram = &reader->datagrams[i];
        uint8_t *data = reader->buffers[i];
        datagram->length = (int32_t)reader->messages[i].msg_len;
        datagram->address_size = (int32_t)reader->messages[i].msg_hdr.msg_namelen;
        if (datagram->address_size == ADDRESS_SIZE)
            memset(datagram->address + 4, 0, 4); /* the flow label says nothing about who it is */
        else
            memset(datagram->address + datagram->address_size, 0, ADDRESS_SIZE - datagram->address_size);
        if (datagram->length == 0 || datagram->length > MAX_DATAGRAM)
            datagram->kind = DROPPED;
        else if (data[0] >= 128 && data[0] <= 191)
            open_media(reader, datagram, data);
        else
            datagram->kind = OTHER;
    }
    return count < 0 ? 0 : count;
}
