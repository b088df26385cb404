import ArgumentParser
import NIOCore
import WSLink
import WSRunner

/// How long nothing may move: so many seconds, or for as long as it takes.
struct SilenceLimit: Hashable, Sendable, ExpressibleByArgument, CustomStringConvertible {
    /// The seconds; those of ``LinkDuration/forever`` for `never`.
    let seconds: Double

    /// Five seconds.
    static let standard = SilenceLimit(seconds: 5)

    private static let never = "never"
    private static let forever = Double(LinkDuration.forever.nanoseconds) / 1e9
    private static let most = 86_400

    /// As many seconds as a report has.
    init(seconds: Double) {
        self.seconds = seconds
    }

    /// Reads `never`, or a number.
    init?(argument: String) {
        guard let seconds = argument == Self.never ? Self.forever : Double(argument) else { return nil }
        self.seconds = seconds
    }

    /// Refuses what is no time to wait.
    func validate() throws {
        guard self != Self(seconds: Self.forever), !(seconds > 0 && seconds <= Double(Self.most)) else { return }
        throw ValidationError(
            "--timeout \(self) is out of range; give seconds, more than 0 and at most \(Self.most), or never"
        )
    }

    /// As the runner takes it.
    var duration: LinkDuration { .seconds(seconds) }

    /// As it is written behind `--timeout`, and shown as the default.
    var description: String {
        if seconds == Self.forever { return Self.never }
        return abs(seconds) < 1e9 && seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }

    var defaultValueDescription: String { description }
}

/// How many conversations are held at a time where nobody says.
enum DefaultJobs {
    /// On few cores fewer, so that the target, which often shares them, answers in time.
    static let count = min(most, perCore * System.coreCount)

    private static let most = 16
    private static let perCore = 4
}
