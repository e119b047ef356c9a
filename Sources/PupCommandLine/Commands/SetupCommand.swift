enum SetupCommand {
  static let specification = CommandSpecification(
    name: "setup", summary: "Say how Pup is installed.", usage: "",
    description: "The original installs itself by this command. This Pup is installed by `make install`.",
    options: DownloadOptions.all, examples: [], isHidden: true,
    run: { arguments throws(UsageError) in
      try arguments.refusePositional()
      try DownloadOptions.refuse(arguments)
      Terminal.print(
        """
        There is nothing to set up: this pup is ready.
          install or upgrade the programs:     make install (in the source)
          take a running Pup to new programs:  pup upgrade
          start Pup with the machine:          pup enable-service

        """)
      return 0
    })
}
