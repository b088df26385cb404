#include "CWSBuild.h"

#ifndef WSCONFORM_COMMIT
#define WSCONFORM_COMMIT ""
#endif

const char *cwsbuild_commit(void) { return WSCONFORM_COMMIT; }
