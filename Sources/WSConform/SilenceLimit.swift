package import WSLink
import WSRunner

/// How long nothing may move in a conversation: so many seconds, or for as long as it takes.
package struct SilenceLimit: Hashable, Sendable, CustomStringConvertible {
    /// The seconds; those of ``LinkDuration/forever`` for `never`.
    package let seconds: Double

    /// Five seconds.
    package static let standard = SilenceLimit(seconds: 5)
    /// The most seconds that a user can ask for: a day.
    package static let most = 86_400

    private static let never = "never"
    private static let forever = Double(LinkDuration.forever.nanoseconds) / 1e9

    /// As many seconds as a report has.
    package init(seconds: Double) {
        self.seconds = seconds
    }

    /// Reads `never`, or a number of seconds.
    package init?(_ text: String) {
        guard let seconds = text == Self.never ? Self.forever : Double(text) else { return nil }
        self.seconds = seconds
    }

    /// Whether it is a time to wait: `never`, or more than 0 and at most ``most`` seconds.
    package var isValid: Bool {
        self == Self(seconds: Self.forever) || (seconds > 0 && seconds <= Double(Self.most))
    }

    /// As the runner takes it.
    package var duration: LinkDuration { .seconds(seconds) }

    /// As it is written behind `--timeout`.
    package var description: String {
        if seconds == Self.forever { return Self.never }
        return abs(seconds) < 1e9 && seconds == seconds.rounded() ? String(Int(seconds)) : String(seconds)
    }
}
