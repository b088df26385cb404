import WSScenario
import WSTranscript

extension TranscriptFields {
    /// The lines for people: what the frame is, and the fields where heads decide the case.
    func lines(of subject: Case) -> [String] {
        let control = lines.filter { [":method", ":protocol", ":status"].contains($0.name) }.map(\.value)
        let first = (["HEADERS"] + (endsStream ? ["END_STREAM"] : []) + control).joined(separator: " ")
        return HeadText.lines(head(first), whole: subject.showsWholeHeads)
    }
}

extension Case {
    /// What carries the conversation, as the object of a sentence.
    var carrier: String { timeline.isOnStream ? "the stream" : "TCP" }

    /// The same where TCP is called a connection.
    var connection: String { timeline.isOnStream ? "the stream" : "the TCP connection" }
}
