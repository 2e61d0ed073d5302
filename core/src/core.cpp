#include "foretype/error.h"
