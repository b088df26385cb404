/// What was seen of the target's process during a conversation, where the tester had started it.
package struct TargetObservation: Sendable, Hashable {
    /// How the process ended; nil while it runs.
    package var ending: TargetEnding?
    /// The first line of a sanitizer's report, without addresses and process numbers.
    package var sanitizer: String?
    /// Memory and processor time; nil where they were not looked at.
    package var usage: Usage?

    /// What a process used.
    package struct Usage: Sendable, Hashable {
        /// Resident memory when the conversation began, in octets.
        package var residentBefore: UInt64
        /// The most resident memory that was seen until its end, in octets.
        package var residentPeak: UInt64
        /// Processor time used meanwhile, in nanoseconds.
        package var processor: Int64
        /// How long that was, in nanoseconds.
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

    /// Whether the process ended or a sanitizer spoke up.
    package var isIncident: Bool { ending != nil || sanitizer != nil }
}

/// How a process ended.
package enum TargetEnding: Sendable, Hashable, CustomStringConvertible {
    /// It exited with this status.
    case exited(Int32)
    /// A signal of this name ended it.
    case signalled(String)

    /// `exit status 3`, `signal SIGSEGV`.
    package var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let name): "signal \(name)"
        }
    }
}
