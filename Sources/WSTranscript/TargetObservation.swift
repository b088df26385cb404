/// What was observed of the target's supervised process during a conversation.
package struct TargetObservation: Sendable, Hashable {
    /// How the process ended; nil if it still runs.
    package var ending: TargetEnding?
    /// The first line of a sanitizer's report, without addresses and process numbers.
    package var sanitizer: String?
    /// The use of memory and processor time; nil if it was not measured.
    package var usage: Usage?

    /// The use of memory and processor time during a conversation.
    package struct Usage: Sendable, Hashable {
        /// Resident memory when the conversation began, in octets.
        package var residentBefore: UInt64
        /// The highest resident memory during the conversation, in octets.
        package var residentPeak: UInt64
        /// Processor time during the conversation, in nanoseconds.
        package var processor: Int64
        /// The length of the measurement in nanoseconds.
        package var elapsed: Int64

        /// Creates a measurement.
        package init(residentBefore: UInt64, residentPeak: UInt64, processor: Int64, elapsed: Int64) {
            self.residentBefore = residentBefore
            self.residentPeak = residentPeak
            self.processor = processor
            self.elapsed = elapsed
        }
    }

    /// Creates an observation.
    package init(ending: TargetEnding? = nil, sanitizer: String? = nil, usage: Usage? = nil) {
        self.ending = ending
        self.sanitizer = sanitizer
        self.usage = usage
    }

    /// Whether the process ended or a sanitizer reported something.
    package var isIncident: Bool { ending != nil || sanitizer != nil }
}

/// How a process ended.
package enum TargetEnding: Sendable, Hashable, CustomStringConvertible {
    /// It exited with this status.
    case exited(Int32)
    /// A signal of this name ended it.
    case signalled(String)

    /// The ending in words, such as `exit status 3` or `signal SIGSEGV`.
    package var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let name): "signal \(name)"
        }
    }
}
