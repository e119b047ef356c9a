#include "CLinux.h"

#include <string.h>

const char *pup_error_text(int error) {
  const char *text = strerrordesc_np(error);
  return text ? text : "Unknown error";
}
