import WSCatalogue
import WSKernels
import WSLimits
import WSProtocol
import WSRunner
package import WSScenario

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A scenario in a file of its own, with everything that is needed to play and to judge it.
///
/// Its JSON schema is `Reports/schema/scenario-1.schema.json`. Files come from anywhere, so that whatever they hold is
/// bounded and checked before anything is played.
package enum ScenarioFile {
    /// The schema name and version of the files that this build reads and writes.
    package static let schema = "wsconform-scenario/1"

    /// The octets of a file with a scenario.
    ///
    /// - Returns: Nil for a scenario that no file can have: of TLS, of many connections, or with steps that wait.
    package static func encode(_ scenario: Scenario) -> [UInt8]? {
        guard problem(of: scenario) == nil else { return nil }
        var stimulus = scenario.stimulus
        // Outcomes are part of the file, and these payloads are those of the outcomes.
        stimulus.payloads = []
        let behaviour = scenario.behaviour.compactMap { OutcomeMembers<BehaviourMembers>($0) }
        let closing = scenario.closing.compactMap { OutcomeMembers<ClosingMembers>($0) }
        guard behaviour.count == scenario.behaviour.count, closing.count == scenario.closing.count else { return nil }
        let members = Members(
            schema: schema,
            id: scenario.id,
            title: scenario.title,
            requirements: scenario.requirements,
            targets: scenario.targets.map(\.rawValue),
            needs: scenario.needs,
            behaviour: behaviour,
            closing: closing
        )
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        guard let rest = try? encoder.encode(members) else { return nil }
        return Array("{\"stimulus\":".utf8) + StimulusText.encode(stimulus) + Array(",".utf8) + rest.dropFirst()
            + Array("\n".utf8)
    }

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - octets: The content of the file.
    ///   - path: The path of the file, for errors.
    /// - Throws: ``FileError`` with one line that says what is wrong and what to do.
    /// - Returns: The scenario.
    package static func decode(_ octets: [UInt8], path: String) throws(FileError) -> Scenario {
        let decoder = JSONDecoder()
        guard let envelope = try? decoder.decode(Envelope.self, from: Data(octets)) else {
            throw FileError(path: path, problem: "is no scenario file; wsconform fuzz writes some")
        }
        guard envelope.schema == schema else {
            let named = Limits.quotation.cut(envelope.schema)
            throw FileError(path: path, problem: "has the schema \(named), and this version reads \(schema)")
        }
        let members: Members
        let stimulus: Stimulus
        do {
            members = try decoder.decode(Members.self, from: Data(octets))
            guard let read = try decoder.decode(StimulusMembers.self, from: Data(octets)).stimulus.stimulus else {
                throw FileError(path: path, problem: "its stimulus does not fit together; \(mend)")
            }
            stimulus = read
        } catch let error as FileError {
            throw error
        } catch {
            throw FileError(path: path, problem: "\(words(of: error)); \(mend)")
        }
        guard let scenario = members.scenario(stimulus) else {
            throw FileError(path: path, problem: "its outcomes do not fit together; \(mend)")
        }
        if let problem = problem(of: scenario) { throw FileError(path: path, problem: "\(problem); \(mend)") }
        return scenario
    }

    /// Reads a file that the user names.
    package static func read(_ path: String) throws(FileError) -> Scenario {
        try decode(FileSystem.read(path, limit: Limits.scenarioFile), path: path)
    }

    private static let mend = "write it as Reports/schema/scenario-1.schema.json says"

    private static func words(of error: any Error) -> String {
        switch error {
        case DecodingError.keyNotFound(let key, let context):
            "\(place(context.codingPath)) lacks \"\(Limits.quotation.cut(key.stringValue))\""
        case DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context),
            DecodingError.dataCorrupted(let context):
            "\(place(context.codingPath)) has a value of the wrong kind"
        default: "it cannot be read"
        }
    }

    private static func place(_ path: [any CodingKey]) -> String {
        let names = path.map { key in key.intValue.map(String.init) ?? key.stringValue }
        return names.isEmpty ? "the file" : Limits.quotation.cut(names.joined(separator: "."))
    }

    // MARK: - What a file can have

    /// Why a file cannot have this scenario; nil if it can.
    static func problem(of scenario: Scenario) -> String? {
        guard isId(scenario.id) else {
            return "its id is not of words of small letters, digits and hyphens with slashes between them"
        }
        guard !scenario.title.isEmpty, scenario.title.utf8.count <= longestTitle else {
            return "its title is empty or longer than \(longestTitle) octets"
        }
        if let unknown = scenario.citedRequirements.sorted().first(where: isUnknown) {
            return "it cites \(Limits.quotation.cut(unknown)), which this version has not"
        }
        guard !scenario.requirements.isEmpty else { return "it cites no requirement" }
        guard !scenario.behaviour.isEmpty, !scenario.closing.isEmpty else { return "it lists no outcome" }
        guard hasFewOutcomes(scenario) else { return "it reaches \(Limits.scenarioOutcomes)" }
        guard scenario.connections == 1, scenario.scalingBaseline == nil, scenario.security == nil,
            scenario.stream == nil, scenario.limitSweep == nil, scenario.supervision == nil, scenario.driver == .connect
        else { return "it wants more than one connection" }
        return problem(of: scenario.opening) ?? problem(of: scenario.script)
    }

    private static let longestTitle = 200
    private static let longestId = 120
    private static let mostSteps = 1_000
    private static let mostOctets = 16 << 20
    private static let mostMilliseconds = 60_000

    /// Whether a text is an id, which becomes the path of a transcript.
    static func isId(_ text: String) -> Bool {
        guard text.utf8.count <= longestId else { return false }
        return text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.first != UInt8(ascii: "-")
                && word.allSatisfy { octet in
                    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(octet) || octet == UInt8(ascii: "-")
                        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(octet)
                }
        }
    }

    private static func isUnknown(_ id: String) -> Bool { RequirementTable.shared.requirement(id) == nil }

    private static func hasFewOutcomes(_ scenario: Scenario) -> Bool {
        let most = Limits.scenarioOutcomes.value
        let texts = scenario.behaviour.map(\.reason) + scenario.closing.map(\.reason)
        return scenario.behaviour.count <= most && scenario.closing.count <= most
            && scenario.behaviour.allSatisfy { ($0.pattern.events?.count ?? 0) <= most }
            && texts.allSatisfy { $0.utf8.count <= 1_000 }
    }

    private static func problem(of opening: Opening) -> String? {
        switch opening {
        case .ordinary, .negotiating: return nil
        case .request(let request):
            let isSmall = request.template.count <= Limits.scenarioFile.value && request.padding.count <= mostOctets
            return isSmall && opening.plannedMilliseconds <= mostMilliseconds ? nil : "its request is too long"
        case .framesWithHandshake, .response: return "its opening is none that a scenario file can have"
        }
    }

    private static func problem(of script: [Step]) -> String? {
        guard script.count <= mostSteps else { return "it has more than \(mostSteps) steps" }
        var octets = 0
        var milliseconds = 0
        for (index, step) in script.enumerated() {
            switch step {
            case .send(let frame):
                octets += min(frame.payload.count, mostOctets + 1)
                let length = frame.claimedLength ?? UInt64(frame.payload.count)
                guard length <= frame.lengthEncoding.maximum else {
                    return "step \(index + 1) has a length that does not fit its form"
                }
            case .startClosingHandshake(let body, _):
                guard body.count <= 125 else { return "step \(index + 1) has a Close body of more than 125 octets" }
            case .sendOctets(let raw): octets += raw.count
            case .pause(let time): milliseconds += time
            case .endOutput: break
            default: return "step \(index + 1) is none that a scenario file can have"
            }
            guard octets <= mostOctets else { return "it sends more than \(mostOctets) octets" }
            guard milliseconds <= mostMilliseconds else { return "it pauses for more than \(mostMilliseconds) ms" }
        }
        return nil
    }
}
