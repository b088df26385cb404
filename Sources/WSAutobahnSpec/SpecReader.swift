import WSJSON
import WSLimits

/// Makes a spec of a JSON value: checks types, keeps what is known, and notes the rest.
struct SpecReader {
    private let mode: FuzzingMode
    private var spec = AutobahnSpec()
    private var omittedNotes = 0
    /// The first key that is another one with a slip, as a line; it may be the cause of what else is wrong.
    private(set) var misspelling: String?

    init(_ mode: FuzzingMode) {
        self.mode = mode
    }

    /// Keys that Autobahn does not read either, although they stand in public spec files.
    private static let unread: Set<String> = ["webport", "echo"]
    private static let known = [
        "url", "outdir", "servers", "protocols", "options", "cases", "exclude-cases", "exclude-agent-cases", "key",
        "cert", "enable-ssl",
    ]
    private static let knownOfServers = ["url", "agent", "options", "origin", "protocols", "hostname"]

    mutating func spec(_ value: PlacedJSON) throws(SpecError) -> AutobahnSpec {
        spec.selection = SpecSelection()
        let members = try self.members(of: value, called: "the spec")
        // These come first, because each error ends the reading.
        for member in members where !Self.unread.contains(member.name) && !Self.known.contains(member.name) {
            noteUnknown(member, among: Self.known)
        }
        for member in members {
            let value = member.value
            switch (member.name, mode) {
            case ("url", .server): spec.url = try string(value, "url")
            case ("outdir", _): spec.outdir = try folder(value)
            // These need the options, wherever in the file those stand.
            case ("options", _), ("servers", .client): break
            case ("protocols", .server): spec.protocols = try protocols(value)
            case ("cases", _): spec.selection.cases = try patterns(value, "cases")
            case ("exclude-cases", _): spec.selection.excluded = try patterns(value, "exclude-cases")
            case ("exclude-agent-cases", _): spec.selection.excludedForAgents = try exclusions(value)
            case ("key", .server): spec.key = try file(value, "key")
            case ("cert", .server): spec.certificate = try file(value, "cert")
            case ("enable-ssl", _): noteTLS(member)
            // What is unknown was noted, and Autobahn does not read the rest either.
            default: break
            }
        }
        if let options = members.last(where: { $0.name == "options" }) {
            spec.options = try self.options(options.value, over: SpecOptions(), "options")
        }
        if mode == .client, let servers = members.last(where: { $0.name == "servers" }) {
            spec.servers = try self.servers(servers.value)
        }
        try require("cases", in: members, at: value.place, such: "[\"*\"] for all of them")
        if mode == .server { try require("url", in: members, at: value.place, such: "\"ws://127.0.0.1:9001\"") }
        if omittedNotes > 0 { spec.notes.append("\(omittedNotes) more lines like these are left out") }
        return spec
    }

    private func require(
        _ key: String,
        in members: [PlacedJSON.Member],
        at place: TextPlace,
        such example: String
    ) throws(SpecError) {
        guard !members.contains(where: { $0.name == key }) else { return }
        throw SpecError("\(mode.rawValue) needs the key '\(key)'; add \"\(key)\": \(example)", at: place)
    }

    // MARK: - Notes

    private mutating func note(_ line: String, at place: TextPlace) {
        guard spec.notes.count < Limits.specNotes.value else {
            omittedNotes += 1
            return
        }
        spec.notes.append("line \(place.line): \(line)")
    }

    private mutating func noteUnknown(_ member: PlacedJSON.Member, among known: [String]) {
        let squeezed = Self.squeezed(member.name)
        let meant = known.first { Self.squeezed($0) == squeezed }.map { "; did you mean '\($0)'?" } ?? ""
        let line = "unknown key '\(member.name)' is left aside\(meant)"
        if !meant.isEmpty { misspelling = misspelling ?? "line \(member.place.line): \(line)" }
        note(line, at: member.place)
    }

    /// A name without case and separators, which are what most misspelled keys differ in.
    private static func squeezed(_ name: String) -> String {
        name.lowercased().filter { $0.isLetter || $0.isNumber }
    }

    private mutating func noteTLS(_ member: PlacedJSON.Member) {
        switch member.value.kind {
        case .null, .bool(false), .string(""): break
        default: note("'\(member.name)' is not used: TLS is spoken where the address is wss://", at: member.place)
        }
    }

    // MARK: - Values

    private func wrong(_ value: PlacedJSON, _ name: String, _ wanted: String) -> SpecError {
        SpecError("'\(name)' is \(value.kindName); write \(wanted)", at: value.place)
    }

    private func members(of value: PlacedJSON, called name: String) throws(SpecError) -> [PlacedJSON.Member] {
        guard case .object(let members) = value.kind else {
            throw SpecError("\(name) is \(value.kindName); write an object in braces", at: value.place)
        }
        var seen: Set<String> = []
        for member in members where !seen.insert(member.name).inserted {
            throw SpecError("the key '\(member.name)' is there twice; drop one of them", at: member.place)
        }
        return members
    }

    private func string(_ value: PlacedJSON, _ name: String) throws(SpecError) -> String {
        guard case .string(let text) = value.kind else { throw wrong(value, name, "a string") }
        return text
    }

    private func file(_ value: PlacedJSON, _ name: String) throws(SpecError) -> String? {
        if case .null = value.kind { return nil }
        let text = try string(value, name)
        return text.isEmpty ? nil : text
    }

    private func folder(_ value: PlacedJSON) throws(SpecError) -> String {
        let text = try string(value, "outdir")
        guard !text.isEmpty else { throw SpecError("'outdir' is empty; name a folder", at: value.place) }
        return text
    }

    private func agent(_ value: PlacedJSON) throws(SpecError) -> String? {
        if case .null = value.kind { return nil }
        let text = try string(value, "agent")
        guard !text.isEmpty else {
            throw SpecError("'agent' is empty; name the server or drop the key", at: value.place)
        }
        guard text.utf8.count <= Limits.agentName.value else {
            throw SpecError("'agent' exceeds \(Limits.agentName)", at: value.place)
        }
        return text
    }

    private func origin(_ value: PlacedJSON) throws(SpecError) -> String? {
        if case .null = value.kind { return nil }
        let text = try string(value, "origin")
        guard text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
            throw SpecError("'origin' has a control character; drop it", at: value.place)
        }
        return text
    }

    private func protocols(_ value: PlacedJSON) throws(SpecError) -> [String] {
        guard case .array(let elements) = value.kind else {
            throw wrong(value, "protocols", "a list of strings in brackets")
        }
        var names: [String] = []
        for element in elements {
            let name = try string(element, "an element of protocols")
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfToken) else {
                throw SpecError(
                    "'\(name)' is no subprotocol, which is one token without blanks or commas",
                    at: element.place
                )
            }
            names.append(name)
        }
        return names
    }

    /// Whether an octet may stand in a token (RFC 9110 section 5.6.2).
    private static func isOfToken(_ octet: UInt8) -> Bool {
        switch octet {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(octet)
        }
    }

    private func patterns(_ value: PlacedJSON, _ name: String) throws(SpecError) -> [SpecPattern] {
        guard case .array(let elements) = value.kind else {
            throw wrong(value, name, "a list of patterns, such as [\"1.*\", \"7.3.2\"]")
        }
        var patterns: [SpecPattern] = []
        for element in elements {
            let text = try string(element, "an element of \(name)")
            guard text.unicodeScalars.allSatisfy({ ("0"..."9").contains($0) || $0 == "." || $0 == "*" }),
                !text.isEmpty
            else {
                throw SpecError(
                    "'\(text)' in '\(name)' is no pattern of case numbers; write digits, dots and stars, such as 9.1.*",
                    at: element.place
                )
            }
            patterns.append(SpecPattern(text))
        }
        return patterns
    }

    private func exclusions(_ value: PlacedJSON) throws(SpecError) -> [SpecSelection.AgentExclusion] {
        // An empty list stands in some files for "none".
        if case .array(let elements) = value.kind, elements.isEmpty { return [] }
        guard case .object(let members) = value.kind else {
            throw wrong(value, "exclude-agent-cases", "an object such as {\"AGENT*\": [\"9.*\"]}")
        }
        var exclusions: [SpecSelection.AgentExclusion] = []
        for member in members {
            exclusions.append(
                SpecSelection.AgentExclusion(
                    agents: SpecPattern(member.name),
                    cases: try patterns(member.value, "exclude-agent-cases")
                )
            )
        }
        return exclusions
    }

    // MARK: - Servers and options

    private mutating func servers(_ value: PlacedJSON) throws(SpecError) -> [AutobahnSpec.Server] {
        guard case .array(let elements) = value.kind else {
            throw wrong(value, "servers", "a list such as [{\"url\": \"ws://127.0.0.1:9001\"}]")
        }
        guard elements.count <= Limits.specServers.value else {
            throw SpecError("it exceeds \(Limits.specServers); write several files", at: value.place)
        }
        var servers: [AutobahnSpec.Server] = []
        for element in elements { servers.append(try server(element)) }
        return servers
    }

    private mutating func server(_ value: PlacedJSON) throws(SpecError) -> AutobahnSpec.Server {
        let members = try self.members(of: value, called: "a server")
        guard let url = members.first(where: { $0.name == "url" }) else {
            throw SpecError("a server without 'url'; add \"url\": \"ws://HOST:PORT\"", at: value.place)
        }
        var server = AutobahnSpec.Server(url: try string(url.value, "url"), options: spec.options)
        for member in members {
            switch member.name {
            case "agent": server.agent = try agent(member.value)
            case "origin": server.origin = try origin(member.value)
            case "protocols": server.protocols = try protocols(member.value)
            case "options": server.options = try options(member.value, over: spec.options, "options")
            case let name where Self.knownOfServers.contains(name) || Self.unread.contains(name): break
            default: noteUnknown(member, among: Self.knownOfServers)
            }
        }
        return server
    }

    private mutating func options(
        _ value: PlacedJSON,
        over base: SpecOptions,
        _ name: String
    ) throws(SpecError) -> SpecOptions {
        var options = base
        for member in try members(of: value, called: "'\(name)'") {
            let full = "\(name).\(member.name)"
            switch member.name {
            case "failByDrop":
                guard case .bool(let isSet) = member.value.kind else {
                    throw wrong(member.value, full, "true or false")
                }
                options.failByDrop = isSet
            case "version": try checkVersion(member, full)
            default:
                guard let known = KnownOption.all[member.name] else {
                    noteUnknown(
                        PlacedJSON.Member(name: full, place: member.place, value: member.value),
                        among: (Array(KnownOption.all.keys) + ["failByDrop", "version"]).map { "\(name).\($0)" }
                    )
                    continue
                }
                if let owner = known.mode, owner != mode {
                    note("'\(full)' is an option of \(owner.rawValue) and has no effect here", at: member.place)
                } else if !known.isDefault(member.value.kind) {
                    note("'\(full)' is not done: wsconform works as if it were not there", at: member.place)
                }
            }
        }
        return options
    }

    private mutating func checkVersion(_ member: PlacedJSON.Member, _ name: String) throws(SpecError) {
        guard case .number(let version) = member.value.kind else {
            throw wrong(member.value, name, "18, which stands for RFC 6455")
        }
        guard let onWire = KnownOption.wireVersion(of: version) else {
            let shown = Int(exactly: version).map { String($0) } ?? String(version)
            throw SpecError("there is no '\(name)' \(shown); write 18, which is RFC 6455", at: member.value.place)
        }
        guard onWire != 13 else { return }
        note("'\(name)' is that of a draft; RFC 6455 (18) is spoken", at: member.place)
    }
}
