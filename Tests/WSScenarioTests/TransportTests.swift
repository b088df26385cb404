import Testing
import WSProtocol
import WSScenario

@Suite struct `The transports of a scenario` {
    private func transports(
        _ opening: Opening = .ordinary,
        _ script: [Step] = [],
        driver: DriverNeed = .connect,
        scalingBaseline: ScalingBaseline? = nil
    ) -> [Transport] {
        Scenario(
            id: "test/some",
            title: "",
            requirements: [],
            needs: .nothing,
            driver: driver,
            scalingBaseline: scalingBaseline,
            opening: opening,
            script: script,
            conclusion: .awaitEnd,
            behaviour: [],
            closing: []
        ).transports
    }

    @Test func `Frames can be carried by all`() {
        #expect(transports(.ordinary, [.send(FrameToSend(.ping))]) == Transport.allCases)
        #expect(transports(.framesWithHandshake) == Transport.allCases)
    }

    @Test func `Octets of a request are not for HTTP slash 2`() {
        #expect(transports(.request(RequestToSend(template: []))) == [.tcp, .unixSocket, .tls])
        #expect(transports(.response(ResponseToSend(template: []))) == [.tcp, .unixSocket, .tls])
    }

    @Test func `FIN and a reset are for what has them, wherever they stand`() {
        let fin: [Transport] = [.tcp, .unixSocket]
        #expect(transports(.ordinary, [.endOutput]) == fin)
        #expect(transports(.request(RequestToSend(template: [], ending: .endOutput(afterMilliseconds: 1)))) == fin)
        #expect(transports(.ordinary, [.reset]) == [.tcp, .tls])
        #expect(transports(.ordinary, [.reset, .endOutput]) == [.tcp])
        #expect(transports(scalingBaseline: ScalingBaseline(script: [.endOutput])) == fin)
    }

    @Test func `An address of another form is not for a socket that has none`() {
        #expect(transports(driver: .action(.openWithoutPath)) == [.tcp, .tls, .http2])
        #expect(transports(driver: .action(.sendText("a"))) == Transport.allCases)
    }

    @Test func `What a scenario is meant for counts, too, in a fixed order`() {
        var scenario = Scenario(
            id: "test/some",
            title: "",
            requirements: [],
            needs: .nothing,
            meantFor: [.http2, .tls, .tcp],
            script: [.reset],
            conclusion: .awaitEnd,
            behaviour: [],
            closing: []
        )
        #expect(scenario.transports == [.tcp, .tls])
        scenario.script = []
        #expect(scenario.transports == [.tcp, .tls, .http2])
    }
}
