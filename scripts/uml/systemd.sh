# Boots the real systemd in a test's own kernel, and runs the test's script as a service of it. It is sourced by the init script behind
# guest.sh; the test's script is $HOST/script. What services of the machine and of users need is started, and nothing else: starting a
# program costs a tenth of a second here.
# shellcheck shell=sh

# /etc in memory: this machine's by links, and what has to be different.
make_etc() {
  mkdir /run/uml/etc
  mount --bind /etc /run/uml/etc
  mount -t tmpfs -o mode=755 tmpfs /etc
  ln -s /run/uml/etc/* /etc/
  rm -f /etc/systemd /etc/pam.d /etc/passwd /etc/group /etc/shadow /etc/fstab /etc/machine-id
  mkdir -p /etc/systemd/system /etc/pam.d
  cp /run/uml/etc/passwd /run/uml/etc/group /run/uml/etc/shadow /run/uml/etc/machine-id /etc/
  : >/etc/fstab
  echo 'tester:x:1234:1234:Tester:/home/tester:/bin/sh' >>/etc/passwd
  echo 'tester:x:1234:' >>/etc/group
  echo 'tester:*:19000:0:99999:7:::' >>/etc/shadow
  # A login has a session, as pam_systemd makes it; the rest of this machine's policy does not matter here.
  session='account required pam_permit.so\nsession required pam_unix.so\nsession required pam_systemd.so\n'
  printf "auth sufficient pam_permit.so\n$session" >/etc/pam.d/su-l
  printf "$session" >/etc/pam.d/systemd-user
}

make_units() {
  # What this machine would start at boot: mounts, hardware, clocks, sockets.
  for target in sysinit local-fs sockets timers basic multi-user; do
    [ ! -d "/lib/systemd/system/$target.target.wants" ] || mount -t tmpfs tmpfs "/lib/systemd/system/$target.target.wants"
  done
  # Each of them would be started again at every daemon-reload.
  mount -t tmpfs tmpfs /lib/systemd/system-generators
  cat >/etc/systemd/system/uml.target <<'END'
[Unit]
Requires=basic.target systemd-journald.socket systemd-journald-dev-log.socket dbus.service
After=basic.target
Wants=uml.service
END
  cat >/etc/systemd/system/uml.service <<END
[Unit]
After=basic.target dbus.service
[Service]
Type=oneshot
TimeoutStartSec=infinity
Environment=HOST=$HOST WORK=$WORK MARKS=$MARKS HOME=$WORK LANG=C.UTF-8 TZ=UTC PATH=$PATH
WorkingDirectory=$WORK
ExecStart=/bin/sh $HOST/script
END
}

boot_systemd() {
  make_etc
  make_units
  mount -t tmpfs -o mode=755 tmpfs /var
  mkdir -p /var/lib/systemd /var/log /var/tmp
  ln -s /run /var/run
  mount -t tmpfs -o mode=755 tmpfs /srv
  mount -t tmpfs -o mode=755 tmpfs /home
  mkdir /home/tester
  chown 1234:1234 /home/tester
  # Readable for the tester.
  chmod 755 /run/uml /run/uml/work
  mark booting
  exec /lib/systemd/systemd --unit=uml.target --log-level=notice --log-target=console --show-status=0
}

# as_tester COMMAND: in a session of an ordinary user, as after a login.
as_tester() { su -l tester -c "PATH=$PATH; export PATH; $*"; }
