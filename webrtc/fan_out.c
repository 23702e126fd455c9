/* One packet to many viewers: numbers rewritten, encrypted by libsrtp, handed to the kernel in batches.
 *
 * It does for every member of an audience what Forwarder.rewrite and Endpoint.send_rtp do for one (forwarder.py,
 * endpoint.py), on the same memory; fan_out.py loads it and has the same structures. Tests hold both byte for byte alike.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#define BATCH 32
#define PACKET_SIZE 2048
#define HISTORY_MASK 4095
#define BURST_S 0.04
#define OVERHEAD_BYTES 60
#define DESCRIPTOR_SIZE 64

typedef int (*protect_function)(void *context, void *packet, int *length);

/* A line's numbering and a pacer's state, as congestion.py and pacing.py lay them out. */
enum { NUMBER, IS_RESTING };
enum { FREE_AT, S_PER_BYTE, IS_ON, COUNT };

struct member {
    int64_t first_extended, sequence_offset, picture_offset;
    int64_t *numbering; /* NULL: the viewer has agreed on no numbers over all streams */
    double *pacer, *sent_at;
    uint16_t *sizes;
    void *srtp; /* NULL: it can't be sent to yet */
    uint32_t timestamp_offset, tl0_offset, ssrc;
    uint8_t payload_type, extension, is_video, address_size;
    uint8_t address[28];
};

struct packet {
    int64_t extended, picture;
    double now;
    uint32_t timestamp, tl0, flags, size;
    /* What the payload begins with, and where in it which number is; -1: nowhere. */
    int32_t descriptor_size, picture_at, picture_bits, tl0_at;
    uint8_t descriptor[DESCRIPTOR_SIZE];
};

struct sender {
    protect_function protect;
    uint64_t unsent;
    int32_t fd, filled;
    struct mmsghdr messages[BATCH];
    struct iovec parts[BATCH];
    uint8_t buffers[BATCH][PACKET_SIZE] __attribute__((aligned(64)));
};

/* Sizes of the three structures: who loads this compares them with its own. */
void fan_out_layout(uint32_t *sizes) {
    sizes[0] = sizeof(struct member);
    sizes[1] = sizeof(struct packet);
    sizes[2] = sizeof(struct sender);
}

void fan_out_open(struct sender *sender, int fd, protect_function protect) {
    memset(sender, 0, sizeof *sender);
    sender->fd = fd;
    sender->protect = protect;
    for (int i = 0; i < BATCH; i++) {
        sender->parts[i].iov_base = sender->buffers[i];
        sender->messages[i].msg_hdr.msg_iov = &sender->parts[i];
        sender->messages[i].msg_hdr.msg_iovlen = 1;
    }
}

/* What the kernel does not take is lost, as on any line: nobody waits for it. */
static void flush(struct sender *sender) {
    int done = 0;
    while (done < sender->filled) {
        int sent = sendmmsg(sender->fd, sender->messages + done, sender->filled - done, MSG_DONTWAIT);
        if (sent > 0) {
            done += sent;
        } else {
            sender->unsent++;
            done++;
        }
    }
    sender->filled = 0;
}

static inline void put16(uint8_t *at, uint32_t value) {
    uint16_t big = htons((uint16_t)value);
    memcpy(at, &big, 2);
}

static inline void put32(uint8_t *at, uint32_t value) {
    uint32_t big = htonl(value);
    memcpy(at, &big, 4);
}

/* The header, and the descriptor with the viewer's numbers; returns their size. */
static inline int write_head(uint8_t *out, const struct member *to, const struct packet *packet) {
    int numbered = to->numbering != NULL && !to->numbering[IS_RESTING];
    int size = 12;
    out[0] = (numbered ? 0x90 : 0x80) | (packet->flags & 0x20);
    out[1] = to->payload_type | (packet->flags & 0x80);
    put16(out + 2, (uint32_t)(packet->extended + to->sequence_offset));
    put32(out + 4, packet->timestamp + to->timestamp_offset);
    put32(out + 8, to->ssrc);
    if (numbered) {
        int64_t number = to->numbering[NUMBER]++;
        to->sent_at[number & HISTORY_MASK] = packet->now;
        to->sizes[number & HISTORY_MASK] = (uint16_t)(packet->size + OVERHEAD_BYTES);
        put32(out + 12, 0xBEDE0001);
        out[16] = to->extension;
        put16(out + 17, (uint32_t)number);
        out[19] = 0;
        size = 20;
    }
    if (packet->descriptor_size) {
        uint8_t *descriptor = out + size;
        memcpy(descriptor, packet->descriptor, packet->descriptor_size);
        if (packet->picture_at >= 0) {
            uint32_t picture = (uint32_t)(packet->picture + to->picture_offset);
            if (packet->picture_bits == 15)
                put16(descriptor + packet->picture_at, 0x8000 | (picture & 0x7FFF));
            else
                descriptor[packet->picture_at] = picture & 0x7F;
        }
        if (packet->tl0_at >= 0)
            descriptor[packet->tl0_at] = (uint8_t)(packet->tl0 + to->tl0_offset);
        size += packet->descriptor_size;
    }
    return size;
}

/* Whether the packet may leave now; then its time on the line is taken. */
static inline int take_turn(const struct member *to, const struct packet *packet) {
    if (to->numbering == NULL || to->pacer[IS_ON] == 0.0)
        return 1;
    double free_at = to->pacer[FREE_AT];
    if (to->is_video && (free_at > packet->now + BURST_S || to->pacer[COUNT] != 0.0))
        return 0;
    to->pacer[FREE_AT] =
        (free_at > packet->now ? free_at : packet->now) + (packet->size + OVERHEAD_BYTES) * to->pacer[S_PER_BYTE];
    return 1;
}

/* Returns how many members have to wait for their turn; their places are in `held`. */
int32_t fan_out_spread(
    struct sender *sender, struct member *members, int32_t count, const struct packet *packet, const uint8_t *payload,
    int32_t *held
) {
    int32_t held_count = 0;
    for (int32_t i = 0; i < count; i++) {
        struct member *to = &members[i];
        if (packet->extended < to->first_extended)
            continue;
        if (!take_turn(to, packet)) {
            held[held_count++] = i;
            continue;
        }
        uint8_t *out = sender->buffers[sender->filled];
        int length = write_head(out, to, packet);
        if (to->srtp == NULL)
            continue;
        memcpy(out + length, payload, packet->size);
        length += packet->size;
        if (sender->protect(to->srtp, out, &length) != 0) {
            sender->unsent++;
            continue;
        }
        sender->parts[sender->filled].iov_len = length;
        sender->messages[sender->filled].msg_hdr.msg_name = to->address;
        sender->messages[sender->filled].msg_hdr.msg_namelen = to->address_size;
        if (++sender->filled == BATCH)
            flush(sender);
    }
    flush(sender);
    return held_count;
}
