import WSKernels
import WSScenario

/// How HTTP/2 is spoken, as the text of a stimulus has it.
struct StreamMembers: Decodable {
    var afterwards: String?
    var companions: Int?
    var endsRequest: Bool?
    var exceedsLimit: Bool?
    var fields: [String]?
    var givesCredit: Bool?
    var settings: [StreamToSpeak.Setting]?

    /// The way to speak it; nil if the members do not describe one.
    var value: StreamToSpeak? {
        guard (0...StreamMembers.mostCompanions).contains(companions ?? 0),
            fields?.count.isMultiple(of: 2) ?? true, let afterwards = Hex.decode(afterwards ?? "")
        else { return nil }
        return StreamToSpeak(
            settings: settings ?? [],
            request: fields.map { words in
                stride(from: 0, to: words.count, by: 2).map { StreamToSpeak.Line(words[$0], words[$0 + 1]) }
            },
            endsRequest: endsRequest ?? false,
            givesCredit: givesCredit ?? true,
            companions: companions ?? 0,
            exceedsLimit: exceedsLimit ?? false,
            afterwards: afterwards
        )
    }

    /// The most WebSockets that a recorded stimulus may ask for beside its own.
    private static let mostCompanions = 1_024
}
