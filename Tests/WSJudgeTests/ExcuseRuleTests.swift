import Testing
import WSCatalogue
import WSJudge
import WSProtocol
import WSScenario
import WSTranscript

@Suite struct `The limit rule` {
    @Test(arguments: [(1009, Verdict.informational), (1008, .informational), (1011, .fail)] as [(UInt16, Verdict)])
    func `A refusal for its size is no fault`(code: UInt16, verdict: Verdict) {
        var recording = Recording.opened(Catalogue.the("limits/text/16-mebibytes"))
        recording.sendScript()
        recording.receiveClose(code)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == verdict)
        if verdict == .informational { #expect(recording.judgement.reason.contains("16777216")) }
    }

    @Test(arguments: [(true, Verdict.fail), (false, .informational)])
    func `It is one where the same message is refused alone, too`(cameBack: Bool, verdict: Verdict) {
        var recording = Recording.opened(Catalogue.the("limits/text/16-mebibytes"))
        recording.sendScript()
        recording.receiveClose(1009)
        recording.sendClose(1000)
        recording.end()
        recording.mark(.tried(MessageTrial(isText: true, length: 16_777_216, frames: 1, cameBack: cameBack)))
        #expect(recording.judgement.verdict == verdict)
        #expect(recording.judgement.reason.contains("though it came back alone") == cameBack)
    }

    @Test func `A limit of a few octets that nobody tried is tolerated, and told`() {
        var recording = Recording.opened(Catalogue.the("framing/text/125-octets"))
        recording.sendScript()
        recording.receiveClose(1009)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .tolerated)
        #expect(recording.judgement.reason.hasSuffix("which nothing bears out"))
    }

    @Test func `A refusal of very many frames names no limit of octets`() {
        var recording = Recording.opened(Catalogue.the("limits/fragmented-text/64-octets"))
        recording.sendScript()
        recording.receiveClose(1009)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .informational)
        #expect(recording.judgement.reason == "refused a message of 4194304 octets in 65537 frames with Close 1009")
    }

    @Test func `A refusal does not excuse malformed frames`() {
        var recording = Recording.opened(Catalogue.the("limits/text/16-mebibytes"))
        recording.sendScript()
        recording.receive([0x8B, 0x00])
        recording.receiveClose(1009)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .informational)
        #expect(recording.judgement.gravest == .fail)
    }

    @Test func `A violation is not excused by a refusal for its size`() {
        var recording = Recording.opened(Catalogue.the("fragmentation/text-inside-text"))
        recording.sendScript()
        recording.receiveClose(1009)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .tolerated)
    }
}

@Suite struct `The data type rule` {
    @Test func `A server that takes no binary messages says so and passes`() {
        var recording = Recording.opened(Catalogue.the("limits/binary/64-kibibytes"))
        recording.sendScript()
        recording.receiveClose(1003)
        recording.sendClose(1000)
        recording.end()
        #expect(recording.judgement.verdict == .informational)
        #expect(recording.judgement.reason.contains("binary"))
    }

    @Test(arguments: [ObservedApplication.Answer.echo, .refusal, .unknown])
    func `One that has sent binary messages back takes them`(answer: ObservedApplication.Answer) {
        let scenario = Catalogue.the("limits/binary/64-kibibytes")
        var recording = Recording.opened(scenario)
        recording.sendScript()
        recording.receiveClose(1003)
        recording.sendClose(1000)
        recording.end()
        var transcript = recording.transcript
        transcript.header.application = ObservedApplication(binary: answer)
        #expect(LookedAt.judgement(of: scenario, transcript).verdict == (answer == .echo ? .fail : .informational))
    }
}
