/* wslay's event interface, as Debian ships it. It hands out messages and looks at text as it comes. */
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>
#include "wsconform_fuzz.h"

typedef struct parser {
    wslay_event_context_ptr context;
    const wsconform_events *events;
    const uint8_t *octets;
    size_t left;
    int closed;       /* a Close has been received */
    uint8_t sent[16]; /* the start of what wslay wants to send */
    size_t sent_size;
} parser;

static ssize_t receive(wslay_event_context_ptr context, uint8_t *octets, size_t size, int flags, void *user) {
    parser *self = user;
    size_t count = size < self->left ? size : self->left;
    if (count == 0) {
        wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(octets, self->octets, count);
    self->octets += count;
    self->left -= count;
    return (ssize_t)count;
}

static ssize_t transmit(wslay_event_context_ptr context, const uint8_t *octets, size_t size, int flags, void *user) {
    parser *self = user;
    for (size_t index = 0; index < size && self->sent_size < sizeof self->sent; index++)
        self->sent[self->sent_size++] = octets[index];
    return (ssize_t)size;
}

static int make_key(wslay_event_context_ptr context, uint8_t *octets, size_t size, void *user) {
    memset(octets, 0, size);
    return 0;
}

static void took_message(wslay_event_context_ptr context, const struct wslay_event_on_msg_recv_arg *message, void *user) {
    parser *self = user;
    wsconform_event event = {.kind = WSCONFORM_MESSAGE, .opcode = message->opcode, .payload = message->msg,
                             .size = message->msg_length};
    switch (message->opcode) {
    case WSLAY_PING: event.kind = WSCONFORM_PING; break;
    case WSLAY_PONG: event.kind = WSCONFORM_PONG; break;
    case WSLAY_CONNECTION_CLOSE:
        event.kind = WSCONFORM_CLOSE;
        event.code = message->status_code;
        if (event.size >= 2) { /* the payload begins with the code */
            event.payload += 2;
            event.size -= 2;
        }
        self->closed = 1;
        break;
    default: break;
    }
    wsconform_push(self->events, &event);
}

static void *create(uint32_t role, uint64_t maximum_message, uint32_t flags) {
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = receive, .send_callback = transmit, .genmask_callback = make_key,
        .on_msg_recv_callback = took_message};
    parser *self = calloc(1, sizeof *self);
    if (role == WSCONFORM_ROLE_SERVER) wslay_event_context_server_init(&self->context, &callbacks, self);
    else wslay_event_context_client_init(&self->context, &callbacks, self);
    wslay_event_config_set_max_recv_msg_length(self->context, maximum_message);
    return self;
}

static size_t feed(void *pointer, const uint8_t *octets, size_t size, const wsconform_events *events) {
    parser *self = pointer;
    self->octets = octets;
    self->left = size;
    self->events = events;
    int result = wslay_event_recv(self->context);
    /* It refuses by no longer reading; the code is in the Close frame that it would send. */
    if (!self->closed && (result != 0 || !wslay_event_get_read_enabled(self->context))) {
        self->sent_size = 0;
        while (wslay_event_want_write(self->context) && wslay_event_send(self->context) == 0 && self->sent_size == 0) {}
        const uint8_t *sent = self->sent;
        size_t header = self->sent_size > 1 && (sent[1] & 0x80) ? 6 : 2; /* the key is zero */
        wsconform_event event = {.kind = WSCONFORM_ERROR};
        if (self->sent_size >= header + 2 && (sent[0] & 15) == WSLAY_CONNECTION_CLOSE)
            event.code = (uint16_t)(sent[header] << 8 | sent[header + 1]);
        wsconform_push(events, &event);
    }
    return size - self->left;
}

static void destroy(void *pointer) {
    parser *self = pointer;
    wslay_event_context_free(self->context);
    free(self);
}

/* What wslay does otherwise; those that are wrong are findings in Reports/findings.md. */
static const wsconform_difference differences[] = {
    {"close-body-one-byte", WSCONFORM_TAKEN, "a finding: taken for a Close without a code, and answered by one"},
    {"close-reasons", WSCONFORM_NOT_JUDGED, "a finding: in pieces, right ones are refused and wrong ones taken"},
};

const wsconform_parser *wsconform_parser_under_test(void) {
    static const wsconform_parser table = {
        .version = WSCONFORM_FUZZ_VERSION, .name = "wslay 1.1.1", .level = WSCONFORM_LEVEL_MESSAGES,
        .text = WSCONFORM_TEXT_AT_ONCE, .differences = differences,
        .difference_count = sizeof differences / sizeof *differences,
        .create = create, .feed = feed, .destroy = destroy};
    return &table;
}
