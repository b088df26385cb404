import WSProtocol
import WSScenario

extension Scenario {
    /// Creates a scenario about a client's opening handshake request, which rules over every record check.
    ///
    /// - Parameters:
    ///   - id: The id.
    ///   - title: One line that says what is tried.
    ///   - chapter: The entry in the list of ideas; nil for none.
    ///   - rules: The requirements after the main one, which is that a Ping is answered.
    ///   - driver: What the client's driver has to do besides connecting.
    ///   - ping: The payload of the Ping whose answer shows that the client regards the connection as open.
    /// - Returns: The scenario, for clients.
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
