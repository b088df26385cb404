/* Fuzz your own WebSocket parser with wsconform: fill in a wsconform_parser and return it from
 * wsconform_parser_under_test. The rest of the program comes from libwsconform-fuzz and -fsanitize=fuzzer. */
#ifndef WSCONFORM_FUZZ_H
#define WSCONFORM_FUZZ_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of this header; it changes when a parser that was right no longer is. */
#define WSCONFORM_FUZZ_VERSION 1

/* Which side the parser is: a server reads masked frames, a client reads frames without a mask. */
enum { WSCONFORM_ROLE_CLIENT = 0, WSCONFORM_ROLE_SERVER = 1 };

/* What the parser hands out. Only that is compared. */
enum { WSCONFORM_LEVEL_FRAMES = 0, WSCONFORM_LEVEL_MESSAGES = 1 };

/* When it looks whether text, and the reason of a Close frame, is UTF-8. */
enum { WSCONFORM_TEXT_NEVER = 0, WSCONFORM_TEXT_AT_END_OF_MESSAGE = 1, WSCONFORM_TEXT_AT_ONCE = 2 };

/* What else it promises. */
enum {
    /* Errors carry the offset of the octet that is wrong. */
    WSCONFORM_REPORTS_OFFSETS = 1,
    /* A header is refused as soon as it is complete; without this, when its frame is. */
    WSCONFORM_REFUSES_HEADERS_AT_ONCE = 2,
    /* It knows permessage-deflate (RFC 7692): create may be told that it was negotiated. Messages that it hands out are
     * inflated; the largest message is meant of their content. */
    WSCONFORM_INFLATES = 4
};

/* The flags of create: what the sender of the stream agreed to. 0 for a parser that does not promise to inflate, else 0
 * or WSCONFORM_DEFLATE with the rest. The window is (flags >> WSCONFORM_WINDOW_BITS_SHIFT) & 15, from 8 to 15 bits. What
 * the parser's own side agreed to does not matter to what it reads. */
enum {
    /* permessage-deflate was negotiated: the first frame of a message may have RSV1 set. */
    WSCONFORM_DEFLATE = 1,
    /* server_no_context_takeover, or client_no_context_takeover when the parser is a server. */
    WSCONFORM_NO_CONTEXT_TAKEOVER = 2,
    /* server_max_window_bits, or client_max_window_bits when the parser is a server. */
    WSCONFORM_WINDOW_BITS_SHIFT = 8
};

/* The kinds of events. */
enum {
    WSCONFORM_FRAME = 1,   /* fin, rsv, opcode, payload without the mask; at the level of frames only */
    WSCONFORM_MESSAGE = 2, /* opcode 1 or 2, the whole payload */
    WSCONFORM_PING = 3,    /* payload */
    WSCONFORM_PONG = 4,    /* payload */
    WSCONFORM_CLOSE = 5,   /* code, 0 without one; payload is the reason */
    WSCONFORM_ERROR = 6    /* code it closes with, 0 if it names none; offset, if it reports offsets */
};

typedef struct wsconform_event {
    uint32_t kind;
    uint8_t fin;
    uint8_t rsv;
    uint8_t opcode;
    uint16_t code;
    const uint8_t *payload; /* may be null when size is 0 */
    size_t size;
    uint64_t offset;
} wsconform_event;

/* Where events go. An event is copied before wsconform_push returns. */
typedef struct wsconform_events {
    void (*push)(void *context, const wsconform_event *event);
    void *context;
} wsconform_events;

static inline void wsconform_push(const wsconform_events *events, const wsconform_event *event) {
    events->push(events->context, event);
}

/* What follows from a difference that is intended. */
enum {
    WSCONFORM_TAKEN = 0,     /* what breaks the rule is taken literally, and the comparison goes on */
    WSCONFORM_NOT_JUDGED = 1 /* the comparison ends where the rule is broken */
};

/* A rule that the parser sees otherwise on purpose. The rules are listed in Fuzz/Adapters/README.md. */
typedef struct wsconform_difference {
    const char *rule;
    uint32_t kind;
    const char *reason;
} wsconform_difference;

typedef struct wsconform_parser {
    uint32_t version; /* WSCONFORM_FUZZ_VERSION */
    const char *name;
    uint32_t level;
    uint32_t text;
    uint32_t promises;
    const wsconform_difference *differences;
    size_t difference_count;
    /* Makes a parser for one connection. */
    void *(*create)(uint32_t role, uint64_t maximum_message, uint32_t flags);
    /* Takes octets, pushes what came of them, and returns how many it took: all of them, unless it has pushed an
     * error or a Close. size may be 0, and octets null then. Nothing is fed after that. */
    size_t (*feed)(void *parser, const uint8_t *octets, size_t size, const wsconform_events *events);
    void (*destroy)(void *parser);
} wsconform_parser;

/* Yours: the parser to be fuzzed. */
const wsconform_parser *wsconform_parser_under_test(void);

#ifdef __cplusplus
}
#endif

#endif
