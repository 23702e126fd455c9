/* The header of an update as typing makes it; crdt_docs/keystroke.py does the same in Python, and more slowly.
   Whatever is not plainly such an update is left to Python: 0 says nothing about it. */
#include <stdint.h>
#include <string.h>

#define MAX_SAFE_INTEGER ((1ULL << 53) - 1)
#define MAX_CLOCK ((1ULL << 31) - 1)
#define HAS_ORIGIN 0x80
#define HAS_RIGHT_ORIGIN 0x40
#define HAS_PARENT_SUB 0x20
#define CONTENT_STRING 4
#define NEEDS 8

typedef struct {
    const uint8_t *at, *end;
} Reader;

typedef struct {
    int64_t client, start, end, structs, needs;
    int64_t need[NEEDS][2]; /* client, clock */
} Keystroke;

static int read_varuint(Reader *reader, uint64_t *value)
{
    uint64_t read = 0;
    for (int shift = 0; shift <= 56 && reader->at < reader->end; shift += 7) {
        uint8_t byte = *reader->at++;
        read |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *value = read;
            return read <= MAX_SAFE_INTEGER;
        }
    }
    return 0;
}

static int need(Keystroke *found, int64_t client, int64_t clock)
{
    for (int64_t number = 0; number < found->needs; number++)
        if (found->need[number][0] == client) {
            if (clock > found->need[number][1])
                found->need[number][1] = clock;
            return 1;
        }
    if (found->needs == NEEDS)
        return 0;
    found->need[found->needs][0] = client;
    found->need[found->needs++][1] = clock;
    return 1;
}

/* What the item at `clock` refers to. What leans on itself or on what comes later is left to Python. */
static int read_reference(Reader *reader, Keystroke *found, uint64_t clock)
{
    uint64_t client, referred;
    if (!read_varuint(reader, &client) || !read_varuint(reader, &referred) || referred > MAX_CLOCK)
        return 0;
    if ((int64_t)client == found->client && referred + 1 > clock)
        return 0;
    return need(found, (int64_t)client, (int64_t)referred + 1);
}

static int read_ascii_name(Reader *reader, uint64_t max_bytes)
{
    uint64_t size;
    if (!read_varuint(reader, &size) || size > max_bytes || size > (uint64_t)(reader->end - reader->at))
        return 0;
    for (; size; size--)
        if (*reader->at++ >= 0x80)
            return 0;
    return 1;
}

/* How many UTF-16 units a text takes; 0 when it is empty or no UTF-8 (RFC 3629: shortest forms, no surrogates). */
static uint64_t read_text(Reader *reader)
{
    uint64_t size, units = 0;
    if (!read_varuint(reader, &size) || size > (uint64_t)(reader->end - reader->at))
        return 0;
    const uint8_t *at = reader->at, *end = at + size;
    while (at < end) {
        uint8_t first = *at++;
        uint32_t code;
        int more;
        if (first < 0x80) {
            units++;
            continue;
        }
        if (first >= 0xc2 && first <= 0xdf)
            code = first & 0x1f, more = 1;
        else if (first >= 0xe0 && first <= 0xef)
            code = first & 0x0f, more = 2;
        else if (first >= 0xf0 && first <= 0xf4)
            code = first & 0x07, more = 3;
        else
            return 0;
        if (end - at < more)
            return 0;
        for (int number = 0; number < more; number++) {
            if ((*at & 0xc0) != 0x80)
                return 0;
            code = code << 6 | (*at++ & 0x3f);
        }
        if ((more == 2 && (code < 0x800 || (code >= 0xd800 && code <= 0xdfff))) ||
            (more == 3 && (code < 0x10000 || code > 0x10ffff)))
            return 0;
        units += more == 3 ? 2 : 1;
    }
    reader->at = end;
    return units;
}

/* 1 when it is the header of all of the update: one client's texts, that delete nothing. */
int read_keystroke(const uint8_t *update, int64_t size, int64_t max_structs, int64_t max_name_bytes, Keystroke *found)
{
    Reader reader = {update, update + size};
    uint64_t clients, structs, client, clock, deletions;
    if (!read_varuint(&reader, &clients) || clients != 1 || !read_varuint(&reader, &structs) || structs == 0 ||
        structs > (uint64_t)max_structs || !read_varuint(&reader, &client) || !read_varuint(&reader, &clock) ||
        clock > MAX_CLOCK)
        return 0;
    found->client = (int64_t)client;
    found->start = (int64_t)clock;
    found->structs = (int64_t)structs;
    found->needs = 0;
    for (; structs; structs--) {
        if (reader.at >= reader.end)
            return 0;
        uint8_t info = *reader.at++;
        if ((info & 0x1f) != CONTENT_STRING)
            return 0;
        if (info & HAS_ORIGIN && !read_reference(&reader, found, clock))
            return 0;
        if (info & HAS_RIGHT_ORIGIN && !read_reference(&reader, found, clock))
            return 0;
        if (!(info & (HAS_ORIGIN | HAS_RIGHT_ORIGIN))) {
            uint64_t is_name;
            if (!read_varuint(&reader, &is_name) || is_name > 1)
                return 0;
            if (!(is_name ? read_ascii_name(&reader, (uint64_t)max_name_bytes) : read_reference(&reader, found, clock)))
                return 0;
            if (info & HAS_PARENT_SUB && !read_ascii_name(&reader, (uint64_t)max_name_bytes))
                return 0;
        }
        uint64_t units = read_text(&reader);
        clock += units;
        if (units == 0 || clock > MAX_CLOCK)
            return 0;
    }
    found->end = (int64_t)clock;
    return read_varuint(&reader, &deletions) && deletions == 0 && reader.at == reader.end;
}
