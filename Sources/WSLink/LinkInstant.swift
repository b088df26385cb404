/// A moment on one link's clock: nanoseconds since the link began to connect.
package struct LinkInstant: Sendable, Hashable, Comparable {
    /// Nanoseconds since the link began to connect.
    package var nanoseconds: Int64

    /// The moment at which the link began to connect.
    package static let zero = Self(nanoseconds: 0)

    /// Creates a moment from nanoseconds since the link began to connect.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The moment `duration` later.
    package static func + (instant: Self, duration: LinkDuration) -> Self {
        Self(nanoseconds: instant.nanoseconds &+ duration.nanoseconds)
    }

    /// The time from `earlier` to `later`; negative when they are the other way round.
    package static func - (later: Self, earlier: Self) -> LinkDuration {
        LinkDuration(nanoseconds: later.nanoseconds &- earlier.nanoseconds)
    }

    /// Orders moments by time.
    package static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

/// A span of time on a link's clock, in whole nanoseconds.
package struct LinkDuration: Sendable, Hashable, Comparable {
    /// The length in nanoseconds.
    package var nanoseconds: Int64

    /// Creates a span from nanoseconds.
    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// A span of whole microseconds.
    package static func microseconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000) }

    /// A span of whole milliseconds.
    package static func milliseconds(_ count: Int64) -> Self { Self(nanoseconds: count * 1_000_000) }

    /// A span of seconds; fractions are kept to the nanosecond, what no clock can hold is cut to a century.
    package static func seconds(_ count: Double) -> Self {
        let century = 3.2e9
        return Self(nanoseconds: Int64(min(max(count, 0), century) * 1e9))
    }

    /// Orders spans by length.
    package static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
