import WSJudge
import WSReport

/// A conversation as two lanes with an arrow for each frame or head, as the page shows it without a script.
struct PageSequence {
    private let lines: [Report.WireLine]
    private let evidence: [Evidence]
    private let peer: String

    /// The most lines; those around the evidence are kept.
    private static let mostLines = 10
    /// The most octets of a line.
    private static let mostOctets = 64
    /// The most characters of a line.
    private static let mostCharacters = 240

    /// Prepares the conversation of a case.
    init(_ entry: Report.Case, evidence: [Evidence], peer: String) {
        self.evidence = evidence
        self.peer = peer
        let wire = entry.wire
        if wire.count > Self.mostLines {
            let last = wire.count - Self.mostLines
            let shown = wire.firstIndex { Self.isHit($0, evidence) } ?? wire.firstIndex { $0.text.hasPrefix("< !!") }
            let start = min(shown.map { max(0, $0 - Self.mostLines / 2) } ?? last, last)
            lines = Array(wire[start..<start + Self.mostLines])
        } else {
            lines = wire
        }
    }

    /// Writes the lanes; nothing if nothing was recorded.
    func write(to page: inout PageText) {
        guard !lines.isEmpty else { return }
        page.add("<div class=\"lanes\"><span>wsconform</span>")
        page.add("span", text: peer, limit: 80)
        page.add("</div><ol class=\"seq\">")
        var isOpen = false
        var previous: Report.WireLine?
        for line in lines {
            if let previous, line.offset == nil, Self.continues(previous, line) {
                page.add("p", text: String(line.text.dropFirst(2)), limit: Self.mostCharacters)
            } else {
                if isOpen { page.add("</li>") }
                begin(line, in: &page)
                isOpen = true
            }
            previous = line
        }
        page.add("</li></ol>")
    }

    /// Whether a line belongs to the head or the frame of the one before.
    private static func continues(_ previous: Report.WireLine, _ line: Report.WireLine) -> Bool {
        (line.text.hasPrefix(">") || line.text.hasPrefix("<")) && line.text.first == previous.text.first
            && !isNote(line) && !isNote(previous)
    }

    private static func isNote(_ line: Report.WireLine) -> Bool {
        line.text.hasPrefix("< !!") || line.text.hasPrefix("> !!")
    }

    private func begin(_ line: Report.WireLine, in page: inout PageText) {
        let isNote = Self.isNote(line)
        let kind = isNote ? "bad" : line.text.hasPrefix(">") ? "out" : line.text.hasPrefix("<") ? "in" : "ev"
        let hit = !isNote && Self.isHit(line, evidence)
        page.add("<li class=\"\(kind)\(hit ? " hit" : "")\">")
        let words =
            isNote
            ? line.text.dropFirst(5) : "<>=".contains(line.text.first ?? " ") ? line.text.dropFirst(2) : line.text[...]
        page.add("p", text: String(words), limit: Self.mostCharacters)
        guard !isNote, let hex = line.hex, let offset = line.offset, !hex.isEmpty else { return }
        let octets = Self.octets(hex)
        guard !octets.isEmpty else { return }
        page.add(
            "<details\(hit ? " open" : "")><summary>\(RunDigest.count(hex.utf8.count / 2, "octet")) at \(offset)</summary>"
        )
        let isHead = line.text.firstMatch(of: /^[<>] (HTTP\/|[A-Z]+ \S+ HTTP\/)/) != nil
        page.add(isHead ? "<code class=\"hex head\">" : "<code class=\"hex\">")
        // Of a long line, the octets around the first marked one are shown.
        let first = octets.indices.first { marks(offset + UInt64($0), of: line) } ?? 0
        let start = isHead ? 0 : max(0, first - Self.mostOctets / 4)
        let shown = octets[start..<min(octets.count, start + (isHead ? octets.count : Self.mostOctets))]
        if start > 0 { page.add("… ") }
        var isMarked = false
        for (index, octet) in zip(shown.indices, shown) {
            let isHit = marks(offset + UInt64(index), of: line)
            if isHit != isMarked {
                page.add(isHit ? "<mark>" : "</mark>")
                isMarked = isHit
            }
            page.add(isHead ? Self.character(octet) : octet + " ")
        }
        page.add((isMarked ? "</mark>" : "") + (shown.endIndex < octets.count ? "…" : "") + "</code></details>")
    }

    /// An octet of a head of HTTP, which is easier to read as text, as markup.
    private static func character(_ octet: String) -> String {
        switch UInt8(octet, radix: 16) ?? 0 {
        case 0x0A: "\n"
        case 0x0D: ""
        case let code where (0x20...0x7E).contains(code): HTMLText.escaped(String(Unicode.Scalar(code)), limit: 1)
        default: "·"
        }
    }

    /// Pairs of hexadecimal digits; empty if the text is something else.
    private static func octets(_ hex: String) -> [String] {
        let digits = Array(hex.utf8)
        guard digits.count % 2 == 0, digits.count <= 2 * Report.mostWireOctets,
            digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return [] }
        return stride(from: 0, to: digits.count, by: 2).map { String(decoding: digits[$0..<$0 + 2], as: UTF8.self) }
    }

    /// Whether the evidence begins in a line, or covers a part of it.
    private static func isHit(_ line: Report.WireLine, _ evidence: [Evidence]) -> Bool {
        guard let offset = line.offset, !isNote(line) else { return false }
        let length = UInt64(max((line.hex?.utf8.count ?? 0) / 2, 1))
        let (end, overflows) = offset.addingReportingOverflow(length)
        guard !overflows else { return false }
        return evidence.contains { place in
            guard (place.direction == .sent) == line.text.hasPrefix(">"), place.offset < end else { return false }
            return offset < Self.end(of: place)
        }
    }

    /// Whether evidence covers the octet at a position of the line's direction.
    private func marks(_ position: UInt64, of line: Report.WireLine) -> Bool {
        evidence.contains {
            ($0.direction == .sent) == line.text.hasPrefix(">") && $0.offset <= position && position < Self.end(of: $0)
        }
    }

    private static func end(of place: Evidence) -> UInt64 {
        let (end, overflows) = place.offset.addingReportingOverflow(max(place.length, 1))
        return overflows ? .max : end
    }
}
