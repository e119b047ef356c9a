# What the tests of services share: what systemd says about one, beside what is really there. The test's script sets UNIT, STARTS (the file to
# which programs write that they start), and SCOPE to --user where the service is the tester's.
# shellcheck shell=sh

SCOPE=

# The service manager's tool, as whoever owns the service. (A login for each would take a second.)
manager() {
  if [ -z "$SCOPE" ]; then
    systemctl "$@"
  else
    setpriv --reuid=1234 --regid=1234 --clear-groups env XDG_RUNTIME_DIR=/run/user/1234 systemctl --user "$@"
  fi
}

joined() { sort -n | tr '\n' ',' | sed 's/,$//'; }

# tell NAME: a line about the service in the file states, and a mark.
tell() {
  {
    echo "name=$1"
    manager show -p ActiveState -p SubState -p MainPID -p NRestarts -p Result "$UNIT"
    echo "programs=$(pids_of testchild | joined)"
    echo "keepers=$(pids_of pup-keeper | joined)"
    echo "brains=$(pids_of pup-supervisor | joined)"
    echo "starts=$(wc -l <"$STARTS")"
  } | tr '\n' ' ' >>"$WORK/states"
  echo >>"$WORK/states"
  mark "$1"
}

# other NAME PID: there is exactly one process of this name, and it is another one.
other() {
  now=$(pids_of "$1")
  [ -n "$now" ] && [ "$now" != "$2" ] && [ "$(echo "$now" | wc -l)" -eq 1 ]
}

# revived PID: another keeper serves, and systemd knows it.
revived() { other pup-keeper "$1" && [ "$(manager show -P ActiveState -P MainPID "$UNIT" | tr '\n' ' ')" = "$(pids_of pup-keeper) active " ]; }

ended() { ! manager is-active --quiet "$UNIT" && [ "$(manager show -P ActiveState "$UNIT")" != deactivating ]; }
