import WSJudge
import WSReport

/// What the script of a page knows of cases, as JSON in which each text stands once.
struct PageData {
    /// The cases of all reports, sorted by id; their index is that in the JSON.
    let cases: [(id: String, topic: String)]
    private var strings = StringTable()
    private var head: [UInt8] = []
    /// For each report and case, the octets of its wire lines, and whether there are findings.
    private var octets: [[(lines: [String], isFound: Bool)?]] = []
    private let detail: PageDetail

    /// Collects the data of reports.
    init(_ digests: [RunDigest], _ detail: PageDetail) {
        self.detail = detail
        var seen: Set<String> = []
        var union: [(id: String, topic: String, title: String)] = []
        for digest in digests {
            for entry in digest.report.cases where seen.insert(entry.id).inserted {
                union.append((entry.id, entry.topic, entry.title))
            }
        }
        union.sort { ($0.topic, $0.id) < ($1.topic, $1.id) }
        cases = union.map { ($0.id, $0.topic) }
        head = Array(#"{"cases":["#.utf8)
        strings.limit = detail.characters
        for (index, entry) in union.enumerated() {
            let parts = [entry.id, entry.title, entry.topic].map { strings.index(of: $0) }
            add(index, [.numbers(parts)])
        }
        add(digests)
    }

    /// A part of an array.
    private enum Part {
        case number(Int)
        case numbers([Int])
        case lists([[Int]])
    }

    private mutating func add(_ index: Int, _ parts: [Part]) {
        if index > 0 { head.append(UInt8(ascii: ",")) }
        if parts.count == 1, case .numbers(let numbers) = parts[0] {
            Self.write(numbers, to: &head)
            return
        }
        head.append(UInt8(ascii: "["))
        for (place, part) in parts.enumerated() {
            if place > 0 { head.append(UInt8(ascii: ",")) }
            switch part {
            case .number(let number): head += String(number).utf8
            case .numbers(let numbers): Self.write(numbers, to: &head)
            case .lists(let lists):
                head.append(UInt8(ascii: "["))
                for (place, list) in lists.enumerated() {
                    if place > 0 { head.append(UInt8(ascii: ",")) }
                    Self.write(list, to: &head)
                }
                head.append(UInt8(ascii: "]"))
            }
        }
        head.append(UInt8(ascii: "]"))
    }

    private static func write(_ numbers: [Int], to octets: inout [UInt8]) {
        octets.append(UInt8(ascii: "["))
        for (place, number) in numbers.enumerated() {
            if place > 0 { octets.append(UInt8(ascii: ",")) }
            octets += String(number).utf8
        }
        octets.append(UInt8(ascii: "]"))
    }

    private mutating func add(_ digests: [RunDigest]) {
        var requirements: [String: Int] = [:]
        var texts: [[Int]] = []
        head += #"],"results":["#.utf8
        for (place, digest) in digests.enumerated() {
            head += (place > 0 ? ",[" : "[").utf8
            var shown: [(lines: [String], isFound: Bool)?] = []
            for (index, entry) in cases.enumerated() {
                guard let result = digest.cases[entry.id] else {
                    head += (index > 0 ? ",0" : "0").utf8
                    shown.append(nil)
                    continue
                }
                let ids = result.requirements.map { reference in
                    requirements[reference.id]
                        ?? {
                            let sentence = digest.report.requirements[reference.id]?.sentence ?? ""
                            let parts = [reference.id, reference.citation, sentence]
                            texts.append(parts.map { strings.index(of: $0) })
                            requirements[reference.id] = texts.count - 1
                            return texts.count - 1
                        }()
                }
                shown.append(add(result, index, ids))
            }
            octets.append(shown)
            head += "]".utf8
        }
        head += #"],"requirements":["#.utf8
        for (index, parts) in texts.enumerated() { add(index, [.numbers(parts)]) }
        head += #"],"runs":["#.utf8
        for (place, digest) in digests.enumerated() {
            let (before, after) = digest.againParts
            let name = strings.index(of: digest.report.peer.name)
            let again = [strings.index(of: before), strings.index(of: after)]
            head += "\(place > 0 ? "," : ""){\"name\":\(name),\"again\":[\(again[0]),\(again[1])]}".utf8
        }
        head += "],".utf8
    }

    /// Adds the result of a case.
    ///
    /// - Returns: The octets of its wire lines, and whether there are findings.
    private mutating func add(
        _ result: Report.Case,
        _ index: Int,
        _ requirements: [Int]
    ) -> (lines: [String], isFound: Bool) {
        let isFound = result.verdict >= .tolerated
        let wire = isFound || detail.hasAllWires ? result.wire : []
        var lines: [Int] = []
        for line in wire { lines += [strings.index(of: line.text), Self.number(line.offset)] }
        let places = result.evidence.prefix(16).flatMap {
            [$0.direction == .sent ? 0 : 1, Self.number($0.offset), Self.number($0.length)]
        }
        let known = (isFound ? result.knownReferences ?? [] : []).prefix(5).map {
            strings.index(of: "\($0.project), \($0.reference)")
        }
        let others = result.findings.filter { !$0.isPassive && $0.reason != result.reason }.prefix(10).map {
            [$0.verdict.place, strings.index(of: $0.reason)]
        }
        let duration = result.durationMilliseconds.map { Int(min(max($0, 0), 1e9)) } ?? -1
        add(
            index,
            [
                .number(result.verdict.place), .number(strings.index(of: result.reason)), .numbers(lines),
                .numbers(places), .numbers(requirements), .number(result.closeCode.map { Int($0) } ?? -1),
                .number(duration), .numbers(known), .lists(Array(others)),
            ]
        )
        return (wire.map { Self.hex($0.hex) }, isFound)
    }

    /// A number that the script can hold exactly; -1 for none.
    private static func number(_ number: UInt64?) -> Int { number.map { Int(min($0, 1 << 52)) } ?? -1 }

    /// Hexadecimal digits, and nothing else; a report from a file may contain any text.
    private static func hex(_ digits: String?) -> String {
        guard let digits, digits.utf8.count % 2 == 0, digits.utf8.count <= 2 * Report.mostWireOctets,
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
        else { return "" }
        return digits
    }

    // MARK: - Writing

    /// How many octets of a line are shown: of cases with findings, and of others.
    private static let lengths = [
        (256, 256), (256, 96), (256, 48), (256, 16), (256, 0), (96, 0), (32, 0), (8, 0), (0, 0),
    ]

    /// Writes the data, with as many octets of wire lines as there is room for.
    ///
    /// - Parameters:
    ///   - page: The page so far.
    ///   - limit: The highest number of octets of the page.
    func write(to page: inout [UInt8], limit: Int) {
        page += head
        page += #""strings":["#.utf8
        strings.write(to: &page)
        page += #"],"octets":["#.utf8
        let room = limit - page.count - 2
        let chosen = Self.lengths.first { size(of: $0) <= room } ?? (0, 0)
        for (place, run) in octets.enumerated() {
            page += (place > 0 ? ",[" : "[").utf8
            for (index, entry) in run.enumerated() {
                if index > 0 { page.append(UInt8(ascii: ",")) }
                guard let entry else {
                    page.append(UInt8(ascii: "0"))
                    continue
                }
                page.append(UInt8(ascii: "\""))
                page += Self.joined(entry, chosen).utf8
                page.append(UInt8(ascii: "\""))
            }
            page.append(UInt8(ascii: "]"))
        }
        page += "]}".utf8
    }

    private static func joined(_ entry: (lines: [String], isFound: Bool), _ lengths: (Int, Int)) -> String {
        let length = 2 * (entry.isFound ? lengths.0 : lengths.1)
        guard length > 0 else { return "" }
        return entry.lines.map { $0.utf8.count <= length ? $0 : String($0.prefix(length)) }.joined(separator: ",")
    }

    private func size(of lengths: (Int, Int)) -> Int {
        octets.reduce(0) { size, run in
            run.reduce(size + 3) { size, entry in
                guard let entry else { return size + 2 }
                let length = 2 * (entry.isFound ? lengths.0 : lengths.1)
                return entry.lines.reduce(size + 3) { $0 + min($1.utf8.count, length) + 1 }
            }
        }
    }
}

/// Texts with their indices, each once.
private struct StringTable {
    /// The most characters of a text.
    var limit = 2_000
    private var indices: [String: Int] = [:]
    private var texts: [String] = []

    /// The index of a text; a new one is added.
    mutating func index(of text: String) -> Int {
        if let index = indices[text] { return index }
        indices[text] = texts.count
        texts.append(text)
        return texts.count - 1
    }

    /// Writes the texts as JSON strings in which nothing is markup.
    func write(to octets: inout [UInt8]) {
        for (index, text) in texts.enumerated() {
            if index > 0 { octets.append(UInt8(ascii: ",")) }
            octets.append(UInt8(ascii: "\""))
            for octet in TextEscaping.escaped(text, limit: limit).utf8 {
                switch octet {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): octets += [UInt8(ascii: "\\"), octet]
                case UInt8(ascii: "<"): octets += "\\u003c".utf8
                case UInt8(ascii: ">"): octets += "\\u003e".utf8
                case UInt8(ascii: "&"): octets += "\\u0026".utf8
                default: octets.append(octet)
                }
            }
            octets.append(UInt8(ascii: "\""))
        }
    }
}
