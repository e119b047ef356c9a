internal import PupInstance

/// A script for /etc/init.d that needs only a POSIX shell. Here nothing restarts Pup except Pup itself: a brain that loses its
/// keeper starts another one. A pid file written by the script would then be wrong; the instance's lock file is always right.
enum SysVInitScript {
  static func plan(_ definition: ServiceDefinition, _ surroundings: ServiceSurroundings) -> ServicePlan {
    let name = definition.name.text
    let script = "/etc/init.d/\(name)"
    let isDebian = surroundings.initRegistrar == .updateRcD
    return ServicePlan(
      manager: .sysvinit, scope: .system, unit: name,
      files: [ServiceFile(script, text(definition), isExecutable: true)],
      enable: [
        ServiceStep(isDebian ? ["update-rc.d", name, "defaults"] : ["chkconfig", "--add", name]),
        ServiceStep([script, "start"], seconds: 60),
      ],
      check: ServiceStep([script, "status"]), diagnose: [ServiceStep([script, "status"])],
      disable: [
        ServiceStep([script, "stop"], seconds: definition.stopTimeout + 60, isRequired: false)
      ] + (isDebian ? [] : [ServiceStep(["chkconfig", "--del", name], isRequired: false)]),
      // update-rc.d removes a script's links only once the script is gone.
      forget: isDebian ? [ServiceStep(["update-rc.d", name, "remove"], isRequired: false)] : [],
      hints: [
        "look: \(script) status", "logs: \(ShellText.line(["pup", "logs", "--config", definition.configuration, "--follow"]))",
        "stop: \(script) stop",
      ])
  }

  static func text(_ definition: ServiceDefinition) -> String {
    let name = definition.name.text
    let run = ShellText.line(definition.runWords)
    // setpriv and runuser are part of util-linux, like setsid.
    let start = definition.runAs.map { "runuser -u \($0) -- \(run)" } ?? run
    return """
      #!/bin/sh
      \(ServiceFile.header(definition, hint: "Own settings: /etc/default/\(name)"))
      ### BEGIN INIT INFO
      # Provides:          \(name)
      # Required-Start:    $remote_fs $syslog $network
      # Required-Stop:     $remote_fs $syslog $network
      # Default-Start:     2 3 4 5
      # Default-Stop:      0 1 6
      # Short-Description: programs under Pup (\(name))
      ### END INIT INFO
      # chkconfig: 2345 90 10

      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
      \(ShellText.exports(definition.variables(for: .sysvinit)))\
      [ ! -r /etc/default/\(name) ] || . /etc/default/\(name)

      data=\(ShellText.quote(definition.paths.data))

      # The pid of the running Pup, even if it is no longer the one started here.
      running() {
        pid=
        [ -r "$data/.main.lock" ] && read -r pid <"$data/.main.lock"
        # A zombie does not count as running.
        [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = pup-keeper ] && ! grep -q '^State:.Z' "/proc/$pid/status"
      }

      # until_is STATE SECONDS [PID]: waits for the state; fails if it is not reached in time, or if PID ends first.
      until_is() {
        left=$(($2 * 5))
        while [ "$left" -gt 0 ]; do
          if running; then [ "$1" = down ] || return 0; else [ "$1" = up ] || return 0; fi
          if [ -n "${3:-}" ] && ! kill -0 "$3" 2>/dev/null; then return 1; fi
          left=$((left - 1))
          sleep 0.2
        done
        return 1
      }

      start() {
        if running; then echo "\(name): already running (pid $pid)"; return 0; fi
        \(ShellText.line(definition.checkWords)) >/dev/null || return 6
        cd \(ShellText.quote(definition.directory)) || return 1
        # The logs are in the data folder.
        setsid \(start) </dev/null >/dev/null 2>&1 &
        if until_is up 10 $!; then echo "\(name): started (pid $pid)"; return 0; fi
        echo "\(name): not started; to see why, run: \(run.replacingQuotes)" >&2
        return 1
      }

      stop() {
        if running; then
          kill -TERM "$pid"
          until_is down \(definition.stopTimeout) || kill -KILL "$pid"
        fi
        # Stops programs left behind if Pup itself was killed earlier.
        \(ShellText.line(definition.sweepWords)) >/dev/null || return 1
        echo "\(name): stopped"
      }

      case "${1:-}" in
        start) start ;;
        stop) stop ;;
        restart | force-reload) stop && start ;;
        reload)
          echo "\(name): Pup reads its configuration only at startup; use: $0 restart" >&2
          exit 3
          ;;
        status)
          if running; then echo "\(name): running (pid $pid)"; exit 0; fi
          echo "\(name): stopped"
          exit 3
          ;;
        *)
          echo "usage: $0 {start|stop|restart|force-reload|status}" >&2
          exit 2
          ;;
      esac

      """
  }
}

extension String {
  /// The text for use in double quotes in a shell.
  fileprivate var replacingQuotes: String {
    var text = ""
    for character in self {
      if "\"\\$`".contains(character) { text.append("\\") }
      text.append(character)
    }
    return text
  }
}
