// SwiftPM links every executable with `main` defined as `<module>_main`, which hides the `main` that libFuzzer brings along: each fuzz target gets that
// function here, and it calls libFuzzer's driver.
#pragma once
