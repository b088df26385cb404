import WSTranscript

/// What was seen of the target's process during a case, where the tester had started it; an object of the report.
package struct TargetRecord: Sendable, Hashable, Codable {
    /// The status with which the process exited.
    package var exitStatus: Int32?
    /// The name of the signal that ended it.
    package var signal: String?
    /// The first line of a sanitizer's report, without addresses and process numbers.
    package var sanitizer: String?
    /// Resident memory when the conversation began; volatile.
    package var residentOctetsBefore: UInt64?
    /// The most resident memory until its end; volatile.
    package var residentOctetsPeak: UInt64?
    /// Processor time used meanwhile; volatile.
    package var processorSeconds: Double?

    /// Creates a record of nothing.
    package init() {}

    /// Takes over what the runner saw.
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
