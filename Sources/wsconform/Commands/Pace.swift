import ArgumentParser
import NIOCore
import WSLink
import WSRunner

/// How long nothing may move: so many seconds, or for as long as it takes.
struct SilenceLimit: Hashable, Sendable, CustomStringConvertible {
    /// The seconds; those of ``LinkDuration/forever`` for `never`.
    let seconds: Double

    /// Five seconds.
    static let standard = SilenceLimit(seconds: 5)

    private static let never = "never"
    private static let forever = Double(LinkDuration.forever.nanoseconds) / 1e9
    private static let most = 86_400.0

    /// As many seconds as a report has.
    init(seconds: Double) {
        self.seconds = seconds
    }

    /// Reads `never`, or seconds.
    @Sendable
    static func parse(_ word: String) throws -> SilenceLimit {
        if word == never { return SilenceLimit(seconds: forever) }
        guard let seconds = Double(word), seconds > 0, seconds <= most else {
            throw ValidationError(
                "--timeout \(word) is out of range; give seconds, more than 0 and at most \(Int(most)), or never"
            )
        }
        return SilenceLimit(seconds: seconds)
    }

    /// As the runner takes it.
    var duration: LinkDuration { .seconds(seconds) }

    var description: String {
        if seconds >= Self.forever { return Self.never }
        return seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}

/// How many conversations are held at a time where nobody says.
enum DefaultJobs {
    /// On few cores fewer, so that the target, which often shares them, answers in time.
    static let count = min(most, perCore * System.coreCount)

    private static let most = 16
    private static let perCore = 4
}
