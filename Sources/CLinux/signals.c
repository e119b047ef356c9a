#include "CLinux.h"
#include "result.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

int pup_signal_descriptor(const int *signals, int count) {
  sigset_t set;
  sigemptyset(&set);
  for (int i = 0; i < count; i++) sigaddset(&set, signals[i]);
  int error = pthread_sigmask(SIG_SETMASK, &set, NULL);
  if (error) return -error;
  return result(signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK));
}

int pup_signal_read(int descriptor, pup_signal_info *info) {
  struct signalfd_siginfo raw;
  ssize_t length = read(descriptor, &raw, sizeof raw);
  if (length < 0) return errno == EAGAIN || errno == EINTR ? 0 : -errno;
  if (length != sizeof raw) return 0;
  info->signal = (int)raw.ssi_signo;
  info->code = raw.ssi_code;
  info->sender = (pid_t)raw.ssi_pid;
  return 1;
}

bool pup_signal_is_ignored(int number) {
  struct sigaction action;
  return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

int pup_signal_block_all(void) {
  sigset_t set;
  sigfillset(&set);
  return -pthread_sigmask(SIG_SETMASK, &set, NULL);
}

int pup_signal_unblock_all(void) {
  sigset_t set;
  sigemptyset(&set);
  return -pthread_sigmask(SIG_SETMASK, &set, NULL);
}
