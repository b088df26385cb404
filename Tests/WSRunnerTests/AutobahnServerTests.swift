import PeerTestSupport
import TestSupport
import Testing
import WSCatalogue
import WSJudge
import WSLink
import WSModelPeer
import WSRunner
import WSScenario

@Suite struct `Autobahn's verdicts on clients` {
    private static let aliased = Catalogue.autobahnOrder.map { $0.shrunk() }

    private func verdict(on scenario: Scenario, _ defects: Set<ModelDefect> = []) throws -> Judgement {
        let settings = try #require(ModelClientSettings(playing: scenario, defects: defects))
        let link = Conversation.run(scenario, against: ModelClient(settings))
        return Judge.judge(scenario, link.server.transcript)
    }

    @Test
    func `a correct client is passed in every case`() async {
        await Sweep.each(of: Self.aliased) { scenario in
            let verdict = try #require(try verdict(on: scenario).autobahn)
            #expect(["OK", "INFORMATIONAL"].contains(verdict.behavior))
            #expect(["OK", "INFORMATIONAL"].contains(verdict.behaviorClose))
        }
    }

    @Test(arguments: aliased.filter { $0.autobahn?.number.hasPrefix("7.9.") == true })
    func `a client that never answers Close is passed in all of 7.9, and not by the RFC`(scenario: Scenario) throws {
        let judgement = try verdict(on: scenario, [.ignoresClose, .acceptsInvalidCloseCode])
        let verdict = try #require(judgement.autobahn)
        #expect(verdict.behavior == "OK")
        #expect(verdict.behaviorClose == "OK")
        #expect(verdict.wasCloseHandshakeTimeout)
        #expect(judgement.verdict == .fail)
    }

    @Test(arguments: ["1.1.1", "7.1.1", "7.7.1"])
    func `elsewhere it is unclean`(number: String) throws {
        let scenario = try #require(Self.aliased.first { $0.autobahn?.number == number })
        #expect(try verdict(on: scenario, [.ignoresClose]).autobahn?.behaviorClose == "UNCLEAN")
    }

    @Test func `nobody is failed by the client that the tester is not`() throws {
        for scenario in Self.aliased {
            for defects: Set<ModelDefect> in [[.ignoresClose], [.repliesOneByteClose], [.dropsWithoutClose]] {
                let verdict = try #require(try verdict(on: scenario, defects).autobahn)
                #expect(verdict.behaviorClose != "FAILED BY CLIENT")
                #expect(!verdict.wasServerConnectionDropTimeout)
            }
        }
    }
}
