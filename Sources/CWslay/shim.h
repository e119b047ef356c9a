// WebSocket frames (RFC 6455) with libwslay; Swift can import its whole header directly.
#pragma once

#include <wslay/wslay.h>
