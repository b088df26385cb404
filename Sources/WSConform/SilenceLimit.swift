package import WSLink
import WSRunner

/// How long nothing may move in a conversation: a number of seconds, or no limit.
package struct SilenceLimit: Hashable, Sendable, CustomStringConvertible {
    /// The seconds; ``LinkDuration/forever`` for `never`.
    package let seconds: Double

    /// The default of five seconds.
    package static let standard = SilenceLimit(seconds: 5)
    /// The highest limit in seconds: a day.
    package static let most = 86_400

    private static let never = "never"
    private static let forever = Double(LinkDuration.forever.nanoseconds) / 1e9

    /// Creates a limit from the seconds in a report.
    package init(seconds: Double) {
        self.seconds = seconds
    }

    /// Parses `never` or a number of seconds.
    package init?(_ text: String) {
        guard let seconds = text == Self.never ? Self.forever : Double(text) else { return nil }
        self.seconds = seconds
    }

    /// Whether it is valid: `never`, or more than 0 and at most ``most`` seconds.
    package var isValid: Bool {
        self == Self(seconds: Self.forever) || (seconds > 0 && seconds <= Double(Self.most))
    }

    /// The limit in the form that the runner takes.
    package var duration: LinkDuration { .seconds(seconds) }

    /// The limit in the form of the option `--timeout`.
    package var description: String {
        if seconds == Self.forever { return Self.never }
        return abs(seconds) < 1e9 && seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}
