#ifndef WSCONFORM_MUTATE_H
#define WSCONFORM_MUTATE_H

#include "wsconform_fuzz.h"

/* libFuzzer's own mutation of `size` octets in place, with room for `max_size`; leaves them as they are, and returns
 * `size`, in a program without libFuzzer. */
size_t wsconform_mutate_plainly(uint8_t *data, size_t size, size_t max_size);

/* What wsconform_parser_under_test returns; null in a program that has none. */
const wsconform_parser *wsconform_registered_parser(void);

#endif
