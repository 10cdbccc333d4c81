#pragma once
/// Nothing to call: this library is preloaded, and answers for two functions of the C library.
