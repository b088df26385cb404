#include <signal.h>
#include "wsconform_mutate.h"

/* Weak, so that a program without libFuzzer or without a parser, such as a test, links as well. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);
__attribute__((weak)) const wsconform_parser *wsconform_parser_under_test(void);

size_t wsconform_mutate_plainly(uint8_t *data, size_t size, size_t max_size) {
    return LLVMFuzzerMutate ? LLVMFuzzerMutate(data, size, max_size) : size;
}

const wsconform_parser *wsconform_registered_parser(void) {
    return wsconform_parser_under_test ? wsconform_parser_under_test() : 0;
}

/* Swift's runtime prints a backtrace on these signals, and libFuzzer leaves alone what is taken: without this it would not
 * keep the input. Weak, so that an adapter may have its own. */
__attribute__((weak)) int LLVMFuzzerInitialize(int *count, char ***arguments) {
    static const int fatal[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGTRAP};
    (void)count;
    (void)arguments;
    for (size_t index = 0; index < sizeof fatal / sizeof *fatal; index++) signal(fatal[index], SIG_DFL);
    return 0;
}
