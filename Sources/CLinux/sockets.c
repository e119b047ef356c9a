#include "CLinux.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int pup_seqpacket_pair(int *one, int *other) {
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) return -errno;
  *one = pair[0];
  *other = pair[1];
  return 0;
}

enum { MOST_FDS = 253 };  // SCM_MAX_FD

int64_t pup_send_packet(int socket, const void *bytes, size_t count, const int *fds, int fd_count) {
  if (fd_count > MOST_FDS) return -E2BIG;
  struct iovec part = {.iov_base = (void *)bytes, .iov_len = count};
  union { char bytes[CMSG_SPACE(sizeof(int) * MOST_FDS)]; struct cmsghdr align; } control;
  struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
  if (fd_count > 0) {
    memset(&control, 0, CMSG_SPACE(sizeof(int) * (size_t)fd_count));
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)fd_count);
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)fd_count);
    memcpy(CMSG_DATA(header), fds, sizeof(int) * (size_t)fd_count);
  }
  ssize_t sent = sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
  return sent < 0 ? -errno : sent;
}

pup_packet pup_receive_packet(int socket, void *buffer, size_t capacity, int *fds, int fd_capacity) {
  struct iovec part = {.iov_base = buffer, .iov_len = capacity};
  union { char bytes[CMSG_SPACE(sizeof(int) * MOST_FDS)]; struct cmsghdr align; } control;
  struct msghdr message = {
    .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
  pup_packet packet = {0};
  ssize_t length;
  do length = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC); while (length < 0 && errno == EINTR);
  if (length < 0) {
    packet.length = -errno;
    return packet;
  }
  packet.length = length;
  for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
    int count = (int)((header->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    for (int i = 0; i < count; i++) {
      int fd;
      memcpy(&fd, CMSG_DATA(header) + sizeof(int) * (size_t)i, sizeof fd);
      if (packet.fd_count < fd_capacity) {
        fds[packet.fd_count++] = fd;
      } else {
        close(fd);
      }
    }
  }
  return packet;
}

int pup_send_datagram(const char *address, const void *bytes, size_t count) {
  struct sockaddr_un name = {.sun_family = AF_UNIX};
  size_t length = strlen(address);
  if (length == 0 || length >= sizeof name.sun_path) return -EINVAL;
  memcpy(name.sun_path, address, length);
  if (address[0] == '@') name.sun_path[0] = 0;
  int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -errno;
  ssize_t sent = sendto(fd, bytes, count, MSG_NOSIGNAL, (struct sockaddr *)&name,
                        (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + (address[0] == '@' ? 0 : 1)));
  int error = sent < 0 ? -errno : 0;
  close(fd);
  return error;
}

int pup_accept(int listener) {
  int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
  return fd < 0 ? -errno : fd;
}

int pup_peer_credentials(int socket, int *pid, uint32_t *uid) {
  struct ucred peer;
  socklen_t size = sizeof peer;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) < 0) return -errno;
  *pid = peer.pid;
  *uid = peer.uid;
  return 0;
}
