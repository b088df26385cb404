/* What fuzz-frames does, over wslay: the pieces of the input are fed, unmasked, and their text is checked. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <wslay/wslay.h>

struct input {
    const uint8_t *octets;
    size_t left;
};

static ssize_t receive(wslay_event_context_ptr context, uint8_t *octets, size_t size, int flags, void *user) {
    struct input *input = user;
    size_t count = size < input->left ? size : input->left;
    if (count == 0) {
        wslay_event_set_error(context, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    memcpy(octets, input->octets, count);
    input->octets += count;
    input->left -= count;
    return (ssize_t)count;
}

static ssize_t transmit(wslay_event_context_ptr context, const uint8_t *octets, size_t size, int flags, void *user) {
    return (ssize_t)size;
}

static int make_key(wslay_event_context_ptr context, uint8_t *octets, size_t size, void *user) {
    memset(octets, 0, size);
    return 0;
}

static void execute(const uint8_t *octets, size_t size) {
    static const struct wslay_event_callbacks callbacks = {receive, transmit, make_key, 0, 0, 0, 0};
    struct input input = {0, 0};
    wslay_event_context_ptr context;
    size_t position = 0;
    if (size == 0) return;
    int from_server = octets[0] & 1;
    while (position < size && (octets[position] & 0x80)) position++;
    position++;
    if (from_server ? wslay_event_context_client_init(&context, &callbacks, &input)
                    : wslay_event_context_server_init(&context, &callbacks, &input))
        return;
    while (position < size) {
        size_t count = octets[position++];
        if (count == 0 || count > size - position) count = size - position;
        input.octets = octets + position;
        input.left = count;
        position += count;
        if (wslay_event_recv(context) != 0) break;
    }
    wslay_event_context_free(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t size) {
    static long repeats;
    if (repeats == 0) {
        const char *text = getenv("WSCONFORM_FUZZ_REPEAT");
        repeats = text ? atol(text) : 1;
    }
    for (long run = 0; run < repeats; run++) execute(octets, size);
    return 0;
}
