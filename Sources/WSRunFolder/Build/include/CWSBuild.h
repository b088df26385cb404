/* What a build was told of itself. */
#ifndef CWSBUILD_H
#define CWSBUILD_H

/* The commit that was built, in hexadecimal digits; empty where WSCONFORM_COMMIT was not set. */
const char *_Nonnull cwsbuild_commit(void);

#endif
