import WSTranscript

/// What was observed of the target's supervised process during a case; an object of the report.
package struct TargetRecord: Sendable, Hashable, Codable {
    /// The exit status of the process.
    package var exitStatus: Int32?
    /// The name of the signal that ended the process.
    package var signal: String?
    /// The first line of a sanitizer's report, without addresses and process numbers.
    package var sanitizer: String?
    /// Resident memory in octets when the conversation began; volatile.
    package var residentOctetsBefore: UInt64?
    /// The highest resident memory in octets during the conversation; volatile.
    package var residentOctetsPeak: UInt64?
    /// Processor time in seconds during the conversation; volatile.
    package var processorSeconds: Double?

    /// Creates an empty record.
    package init() {}

    /// Creates a record from the runner's observation.
    init(_ observation: TargetObservation) {
        switch observation.ending {
        case .exited(let status): exitStatus = status
        case .signalled(let name): signal = name
        case nil: break
        }
        sanitizer = observation.sanitizer
        residentOctetsBefore = observation.usage?.residentBefore
        residentOctetsPeak = observation.usage?.residentPeak
        processorSeconds = observation.usage.map { Double($0.processor / 1_000_000) / 1_000 }
    }
}
