import WSKernels
import WSScenario

/// How HTTP/2 is spoken, as the text of a stimulus has it.
struct StreamMembers: Decodable {
    var afterwards: String?
    var answer: [String]?
    var answerEnds: Bool?
    var answerFrames: String?
    var companions: Int?
    var endsRequest: Bool?
    var exceedsLimit: Bool?
    var fields: [String]?
    var givesCredit: Bool?
    var leavesOut: [String]?
    var lateSettings: [StreamToSpeak.Setting]?
    var settings: [StreamToSpeak.Setting]?

    /// The way to speak it; nil if the members do not describe one.
    var value: StreamToSpeak? {
        guard (0...StreamMembers.mostCompanions).contains(companions ?? 0),
            fields?.count.isMultiple(of: 2) ?? true, let afterwards = Hex.decode(afterwards ?? "")
        else { return nil }
        guard answer?.count.isMultiple(of: 2) ?? true, let frames = Hex.decode(answerFrames ?? "") else { return nil }
        var stream = StreamToSpeak(
            settings: settings ?? [],
            request: fields.map(Self.lines),
            endsRequest: endsRequest ?? false,
            givesCredit: givesCredit ?? true,
            companions: companions ?? 0,
            exceedsLimit: exceedsLimit ?? false,
            afterwards: afterwards
        )
        stream.lateSettings = lateSettings ?? []
        stream.leavesOut = (leavesOut ?? []).compactMap { UInt16($0) }
        let fields = answer.map { StreamToSpeak.Answer.fields(Self.lines($0), endsStream: answerEnds ?? false) }
        stream.answer = answerFrames != nil ? .frames(frames) : fields
        return stream
    }

    /// Field lines from names and values in turn.
    private static func lines(_ words: [String]) -> [StreamToSpeak.Line] {
        stride(from: 0, to: words.count, by: 2).map { StreamToSpeak.Line(words[$0], words[$0 + 1]) }
    }

    /// The most WebSockets that a recorded stimulus may ask for beside its own.
    private static let mostCompanions = 1_024
}
