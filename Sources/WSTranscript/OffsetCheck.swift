/// Counts the octets of both directions, to check the offsets of events.
struct OffsetCheck {
    private var sent: UInt64 = 0
    private var received: UInt64 = 0
    private var carrierSent: UInt64 = 0
    private var carrierReceived: UInt64 = 0

    /// Whether the event's octets begin where the previous ones ended, and fit into memory.
    mutating func accepts(_ kind: TranscriptEvent.Kind) -> Bool {
        switch kind {
        case .sent(let offset, let content):
            guard offset == sent else { return false }
            return Self.add(content.count, to: &sent)
        case .received(let offset, let parts):
            guard offset == received else { return false }
            return parts.allSatisfy { Self.add(UInt64($0.count), to: &received) }
        case .carrierSent(let offset, let parts):
            guard offset == carrierSent else { return false }
            return parts.allSatisfy { Self.add(UInt64($0.count), to: &carrierSent) }
        case .carrierReceived(let offset, let parts):
            guard offset == carrierReceived else { return false }
            return parts.allSatisfy { Self.add(UInt64($0.count), to: &carrierReceived) }
        case .connected, .mark, .ended, .carrierEnded:
            return true
        }
    }

    private static func add(_ count: UInt64, to total: inout UInt64) -> Bool {
        let (sum, overflow) = total.addingReportingOverflow(count)
        guard !overflow, sum <= UInt64(Int.max) else { return false }
        total = sum
        return true
    }
}
