// WebSocket frames (RFC 6455) by libwslay; everything in its header can be imported as it is.
#pragma once

#include <wslay/wslay.h>
