import ArgumentParser

/// The option with which cases are played several times.
struct RepeatOptions: ParsableArguments {
    @Option(
        name: .customLong("repeat"),
        parsing: .unconditional,
        help: ArgumentHelp(
            """
            Play the run so many times, 1 to 100; of each case the worst try counts, and where tries differ, its reason has \
            how many came out so.
            """,
            valueName: "number"
        )
    )
    var times = 1

    func validate() throws {
        guard (1...100).contains(times) else {
            throw ValidationError("--repeat \(times) is out of range; give a number from 1 to 100")
        }
    }
}
