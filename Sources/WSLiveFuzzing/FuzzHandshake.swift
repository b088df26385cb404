import WSCatalogue
package import WSProtocol
package import WSScenario

/// A request or a response of the opening handshake, from the catalogue, written in another way that means the same.
///
/// Names in any case, fields in any order, whitespace around values, fields that nobody knows and any pieces change
/// nothing (RFC 9110, 5.1, 5.3 and 5.5; RFC 6455, 4.2.1), so the outcomes are those of the catalogue's case.
package struct FuzzHandshake: Sendable, Hashable {
    /// The id of the case whose request or response it is.
    package var base: String
    /// How it is written otherwise, applied in order.
    package var rewritings: [Rewriting]

    /// Creates a handshake.
    package init(base: String, rewritings: [Rewriting] = []) {
        self.base = base
        self.rewritings = rewritings
    }

    /// Another way to write the same.
    package enum Rewriting: Sendable, Hashable {
        /// The fields in another order: each moved on by so many places.
        case rotated(Int)
        /// Names in lower case.
        case namesInLowerCase
        /// Names in capitals.
        case namesInCapitals
        /// So many spaces before each value.
        case spacesBeforeValues(Int)
        /// A tab and a space behind each value.
        case whitespaceBehindValues
        /// A field that nobody knows, with so many octets, at the beginning.
        case unknownField(Int)
        /// In writes of so many octets.
        case pieces(Int)
    }

    /// The cases whose requests or responses consist of plain lines, so that they can be rewritten.
    ///
    /// - Parameter role: The role under test: a server reads requests, a client responses.
    /// - Returns: The cases.
    package static func bases(for role: Role) -> [Scenario] { role == .server ? requests : responses }

    private static let requests =
        (Catalogue.UpgradeFields.all + Catalogue.HandshakeKeys.all + Catalogue.HostFields.all)
        .filter { scenario in
            guard case .request(let request) = scenario.opening, request.pacing == .whole else { return false }
            return request.padding == .empty && lines(of: request.template) != nil
        }

    /// Where a field comes twice, its order may mean something.
    private static let responses =
        (Catalogue.ResponseAccepts.all + Catalogue.ResponseStatuses.all)
        .filter { scenario in
            guard case .response(let response) = scenario.opening, response.pacing == .whole else { return false }
            guard response.padding == .empty, response.ending == nil, scenario.driver == .connect,
                let lines = lines(of: response.template)
            else { return false }
            let names = lines.dropFirst().map { line in
                String(decoding: line.prefix { $0 != UInt8(ascii: ":") }, as: UTF8.self).lowercased()
            }
            return Set(names).count == names.count
        }

    private static let basesById = Dictionary(
        (requests + responses).map { ($0.id, $0) },
        uniquingKeysWith: { first, _ in first }
    )

    /// The scenario that plays it; nil if the catalogue has no such case.
    func scenario(_ id: String) -> Scenario? {
        guard var scenario = Self.basesById[base] else { return nil }
        switch scenario.opening {
        case .request(var request):
            for rewriting in rewritings { rewriting.apply(to: &request.template, &request.pacing) }
            scenario.opening = .request(request)
        case .response(var response):
            for rewriting in rewritings { rewriting.apply(to: &response.template, &response.pacing) }
            scenario.opening = .response(response)
        case .ordinary, .framesWithHandshake, .negotiating: return nil
        }
        scenario.id = id
        scenario.title += rewritings.isEmpty ? "" : ", written in another way"
        scenario.purpose = .robustness
        scenario.references = []
        scenario.chapter = nil
        scenario.autobahn = nil
        return scenario
    }

    /// The first line and the field lines of a head without content; nil if it has anything else.
    static func lines(of template: [UInt8]) -> [[UInt8]]? {
        var lines: [[UInt8]] = []
        var line: [UInt8] = []
        for (index, octet) in template.enumerated() {
            line.append(octet)
            // A placeholder for several lines has their ends.
            if line.first == UInt8(ascii: "{"), octet == UInt8(ascii: "}") {
                lines.append(line)
                line = []
                continue
            }
            guard line.suffix(2) == [0x0D, 0x0A] else { continue }
            guard line.count > 2 else { return index == template.count - 1 ? lines : nil }
            // A line that goes on from the one before cannot be moved.
            guard line[0] != 0x20, line[0] != 0x09 else { return nil }
            lines.append(line)
            line = []
        }
        return nil
    }
}

extension FuzzHandshake.Rewriting {
    /// Rewrites a head, which is left as it is if it does not consist of plain lines.
    fileprivate func apply(to template: inout [UInt8], _ pacing: inout RequestToSend.Pacing) {
        if case .pieces(let length) = self {
            pacing = .pieces(max(1, length))
            return
        }
        guard let lines = FuzzHandshake.lines(of: template), let first = lines.first else { return }
        var fields = Array(lines.dropFirst())
        switch self {
        case .rotated(let count):
            guard !fields.isEmpty else { return }
            let place = count % fields.count
            fields = Array(fields[place...] + fields[..<place])
        case .unknownField(let length):
            let value = String(repeating: "w", count: min(length, 1_000))
            fields.insert(Array("X-Wsconform-\(length): \(value)\r\n".utf8), at: 0)
        case .namesInLowerCase, .namesInCapitals, .spacesBeforeValues, .whitespaceBehindValues:
            fields = fields.map(rewritten)
        case .pieces: break
        }
        template = first + fields.flatMap(\.self) + [0x0D, 0x0A]
    }

    /// A field line written in another way; a placeholder for several lines stays as it is.
    private func rewritten(_ line: [UInt8]) -> [UInt8] {
        guard line.first != UInt8(ascii: "{"), let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return line }
        var name = line[..<colon]
        var value = Array(line[(colon + 1)...].dropLast(2))
        switch self {
        case .namesInLowerCase: name = Array(String(decoding: name, as: UTF8.self).lowercased().utf8)[...]
        case .namesInCapitals: name = Array(String(decoding: name, as: UTF8.self).uppercased().utf8)[...]
        case .spacesBeforeValues(let count):
            value = Array(repeating: 0x20, count: min(count, 16)) + value.drop { $0 == 0x20 || $0 == 0x09 }
        case .whitespaceBehindValues: value += [0x09, 0x20]
        case .rotated, .unknownField, .pieces: break
        }
        return Array(name) + [UInt8(ascii: ":")] + value + [0x0D, 0x0A]
    }
}
