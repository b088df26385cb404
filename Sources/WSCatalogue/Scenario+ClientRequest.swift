import WSProtocol
import WSScenario

extension Scenario {
    /// A scenario about the opening handshake that a client sends; rules over every record look at the request.
    ///
    /// - Parameters:
    ///   - id: the id.
    ///   - title: one line that says what is tried.
    ///   - chapter: the entry of the list of ideas, if it has one.
    ///   - rules: the requirements behind the one that decides, which is that a Ping is answered.
    ///   - driver: what the client's driver has to do besides connecting.
    ///   - ping: the body of the Ping whose answer shows that the client took the connection for open.
    /// - Returns: the scenario, for clients.
    static func clientRequest(
        _ id: String,
        _ title: String,
        _ chapter: String?,
        _ rules: [String],
        driver: DriverNeed = .connect,
        ping: Payload = .text("well asked")
    ) -> Scenario {
        Scenario(
            id: id,
            title: title,
            requirements: ["RFC6455-5.5.2-02"] + rules,
            targets: [.client],
            needs: .nothing,
            driver: driver,
            meantFor: Transport.ofHTTP1,
            tags: [.handshake],
            chapter: chapter,
            script: [.send(FrameToSend(.ping, ping))],
            conclusion: .closeWhenComplete,
            behaviour: .answers([.pong(ping)]),
            closing: .answersNormalClose
        )
    }
}
