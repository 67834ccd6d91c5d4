// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The names that the prebuilt shared library carries until the packer writes a model's in their places. Both sides
// include this file. A placeholder is `SINTER_LIBRARY_PREFIX`, the function's last word and many underscores; the packer
// writes `NAME_word` over it, fills the rest with zeros and rebuilds the table of hashes (DT_HASH, the only one there is).
// The library's own name (DT_SONAME) is a placeholder, too.

#ifndef SINTER_RUNTIME_LIB_NAMES_H
#define SINTER_RUNTIME_LIB_NAMES_H

#define SINTER_LIBRARY_PREFIX "sinterLibraryPlaceholder_"
/* Characters that a library's name may have, "_embed_texts" and a terminator kept free. */
#define SINTER_LIBRARY_NAME_LENGTH 96

/* Eighty underscores. */
#define SINTER_LIBRARY_OPEN sinterLibraryPlaceholder_open________________________________________________________________________________
#define SINTER_LIBRARY_CLOSE sinterLibraryPlaceholder_close________________________________________________________________________________
#define SINTER_LIBRARY_CALL sinterLibraryPlaceholder_call________________________________________________________________________________
#define SINTER_LIBRARY_EMBED sinterLibraryPlaceholder_embed________________________________________________________________________________
#define SINTER_LIBRARY_EMBED_TEXTS sinterLibraryPlaceholder_embed_texts________________________________________________________________________________
#define SINTER_LIBRARY_TOKENIZE sinterLibraryPlaceholder_tokenize________________________________________________________________________________
/* Underscores of the library's own name. */
#define SINTER_LIBRARY_SONAME_LENGTH 250

#endif /* SINTER_RUNTIME_LIB_NAMES_H */
