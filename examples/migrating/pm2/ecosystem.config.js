module.exports = {
  apps: [
    {
      name: "shop",
      script: "server.js",
      args: "--verbose",
      node_args: "--enable-source-maps",
      exec_mode: "cluster",
      instances: 2,
      increment_var: "PORT",
      env: { NODE_ENV: "production", PORT: 3000 },
      max_restarts: 10,
      restart_delay: 2000,
      kill_timeout: 5000,
      watch: ["src"],
      out_file: "shop.log",
      error_file: "shop.err",
      time: true,
    },
    {
      name: "report",
      script: "report.py",
      interpreter: "python3",
      interpreter_args: "-u",
      autorestart: false,
      cron_restart: "0 3 * * *",
    },
  ],
};
