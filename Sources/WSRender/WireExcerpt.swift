import WSJudge
import WSReport

/// The few wire lines of a case that show what is peculiar to it.
struct WireExcerpt {
    /// The most wire lines of a failure.
    private static let mostLines = 8
    /// The most wire lines of a failure if ordinary lines are left out.
    private static let mostPeculiarLines = 12

    private let host: String

    /// Prepares the excerpt; the lines that name the host of the report's peer are ordinary ones.
    init(of report: Report) {
        let address = report.peer.url
        let authority = address.dropFirst(5).prefix { $0 != "/" && $0 != "?" }
        host = address.hasPrefix("ws://") ? String(authority) : address.hasPrefix("ws+unix:") ? "localhost" : ""
    }

    /// The wire lines around the first line that shows a violation, or else the last lines.
    func lines(_ wire: [String]) -> [String] {
        guard wire.count > Self.mostLines else { return wire }
        let wire = OrdinaryLines.left(out: wire, host: host)
        guard wire.count > Self.mostPeculiarLines else { return wire }
        let last = wire.count - Self.mostLines
        let marked = wire.firstIndex { $0.hasPrefix("< !!") }
        let start = min(marked.map { max(0, $0 - Self.mostLines / 2) } ?? last, last)
        return Array(wire[start..<start + Self.mostLines])
    }

    /// The lines of the response for what was found in its head, and those of a whole case otherwise.
    func lines(_ wire: [String], of cause: Report.Cause) -> [String] {
        switch cause.part {
        case .connection, .request, .response, .handshake:
            let heads = wire.drop { !$0.hasPrefix("<") }.prefix { $0.hasPrefix("<") }
            return Array(heads.prefix(Self.mostLines))
        case .carrier, .frames, .compression, .closing, nil: return lines(wire)
        }
    }
}
