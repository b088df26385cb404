import WSTransportTLS

/// Certificates of an authority of the tests, which nobody else trusts; one key serves all of them.
enum TestCertificate {
    /// The authority that signed the others.
    static let authority = file(
        "authority.pem",
        """
        -----BEGIN CERTIFICATE-----
        MIIBfDCCASOgAwIBAgIBATAKBggqhkjOPQQDAjAlMSMwIQYDVQQDDBp3c2NvbmZv
        cm0gdGVzdHMsIGF1dGhvcml0eTAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEwMTAw
        MDAwMFowJTEjMCEGA1UEAwwad3Njb25mb3JtIHRlc3RzLCBhdXRob3JpdHkwWTAT
        BgcqhkjOPQIBBggqhkjOPQMBBwNCAARC/SJfw71HtZlKh6fDAWgbC2gJ5un7eZiA
        HtpKtgU/dk09Pu7BzKUlyrsnjrg7VxbOBohuRBbMXWELP46zXO1Ko0IwQDAPBgNV
        HRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4EFgQUpJixTYiKDQZL
        DxfWKL0i0Mf4Nj0wCgYIKoZIzj0EAwIDRwAwRAIgdtOZIEzcQLKcwu4AHAz7mOiw
        jOwwozvYhzkNXuG2xIwCIHRTHmdRx2uVFyY2mEVO0wjj3Pg2+V2SvfwdrN99B+5l
        -----END CERTIFICATE-----
        """
    )

    /// For `localhost`, `*.wild.example`, 127.0.0.1 and ::1, until the year 2126.
    static let ordinary = file(
        "ordinary.pem",
        """
        -----BEGIN CERTIFICATE-----
        MIIBmDCCAT+gAwIBAgIBAjAKBggqhkjOPQQDAjAlMSMwIQYDVQQDDBp3c2NvbmZv
        cm0gdGVzdHMsIGF1dGhvcml0eTAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEwMTAw
        MDAwMFowFDESMBAGA1UEAwwJbG9jYWxob3N0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
        AQcDQgAEcUGQxhMv490HvVas8p8GDq4cMonrpOA2kCuHRf7VpSwwcFoZw+ToxQyb
        3fEbNANPjPx1giQqD/kGyPTsktlGzqNvMG0wPAYDVR0RBDUwM4IJbG9jYWxob3N0
        gg4qLndpbGQuZXhhbXBsZYcEfwAAAYcQAAAAAAAAAAAAAAAAAAAAATAMBgNVHRMB
        Af8EAjAAMB8GA1UdIwQYMBaAFKSYsU2Iig0GSw8X1ii9ItDH+DY9MAoGCCqGSM49
        BAMCA0cAMEQCIBjQ/LMPVjbRcG0ZisBwnVVXJ+zqjUvldu2I/wKNaPLAAiBZq2C2
        20gU0Tt3egSn/R8fw+v5Ss1blSkfJBImxsuLtQ==
        -----END CERTIFICATE-----
        """
    )

    /// For `other.example`.
    static let ofOther = file(
        "other.pem",
        """
        -----BEGIN CERTIFICATE-----
        MIIBeDCCAR+gAwIBAgIBAzAKBggqhkjOPQQDAjAlMSMwIQYDVQQDDBp3c2NvbmZv
        cm0gdGVzdHMsIGF1dGhvcml0eTAgFw0yNjAxMDEwMDAwMDBaGA8yMTI2MDEwMTAw
        MDAwMFowGDEWMBQGA1UEAwwNb3RoZXIuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqG
        SM49AwEHA0IABHFBkMYTL+PdB71WrPKfBg6uHDKJ66TgNpArh0X+1aUsMHBaGcPk
        6MUMm93xGzQDT4z8dYIkKg/5Bsj07JLZRs6jSzBJMBgGA1UdEQQRMA+CDW90aGVy
        LmV4YW1wbGUwDAYDVR0TAQH/BAIwADAfBgNVHSMEGDAWgBSkmLFNiIoNBksPF9Yo
        vSLQx/g2PTAKBggqhkjOPQQDAgNHADBEAiAq2gr0celgQPs3yy4kTSXE7BMQRsZo
        vS4bjESFYrrD+gIgcXSCLmqar+BrODLDibpVT7Pc99deyjbhgqhYBqhlQUo=
        -----END CERTIFICATE-----
        """
    )

    /// For `localhost` and 127.0.0.1, until 2021-01-01.
    static let expired = file(
        "expired.pem",
        """
        -----BEGIN CERTIFICATE-----
        MIIBczCCARmgAwIBAgIBBDAKBggqhkjOPQQDAjAlMSMwIQYDVQQDDBp3c2NvbmZv
        cm0gdGVzdHMsIGF1dGhvcml0eTAeFw0yMDAxMDEwMDAwMDBaFw0yMTAxMDEwMDAw
        MDBaMBIxEDAOBgNVBAMMB2V4cGlyZWQwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
        AARxQZDGEy/j3Qe9VqzynwYOrhwyieuk4DaQK4dF/tWlLDBwWhnD5OjFDJvd8Rs0
        A0+M/HWCJCoP+QbI9OyS2UbOo00wSzAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8A
        AAEwDAYDVR0TAQH/BAIwADAfBgNVHSMEGDAWgBSkmLFNiIoNBksPF9YovSLQx/g2
        PTAKBggqhkjOPQQDAgNIADBFAiBRvaNDv+nK5KllWLeavJnzSSdlM+FbHi3DdgR/
        oRP7PQIhAJr0enQvoF74/4loM2T/kFcVGWcijUl2oPEuaQgsRo9U
        -----END CERTIFICATE-----
        """
    )

    /// The private key of all of them but the authority.
    static let key = file(
        "key.pem",
        """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkR6rw3CQ0FgeGOfg
        URGEEqkpIo7xzOA7ni4kaLlS7SehRANCAARxQZDGEy/j3Qe9VqzynwYOrhwyieuk
        4DaQK4dF/tWlLDBwWhnD5OjFDJvd8Rs0A0+M/HWCJCoP+QbI9OyS2UbO
        -----END PRIVATE KEY-----
        """
    )

    /// The same key, with a password.
    static let encryptedKey = file(
        "encrypted.pem",
        """
        -----BEGIN ENCRYPTED PRIVATE KEY-----
        MIH0MF8GCSqGSIb3DQEFDTBSMDEGCSqGSIb3DQEFDDAkBBBHe8DpMffcqFO6I/5j
        8FP0AgIIADAMBggqhkiG9w0CCQUAMB0GCWCGSAFlAwQBKgQQIrHL2ES6JiQAVSbN
        wgXJXwSBkOz8WXY5Y448Hk1Nfl7JKl+Tphy4h4HPgJ3lRBayi4sTEqedNSkmLjd1
        bZsltu2iksUIQ+Vr85GKVYVCxk5WTop9R+YHbjguMnTTuB5l32Fnt44bc4i5A7RB
        sTotfNtVrQ1Y9WvMQmGibrHounbvSNBV3htOIxvNZYI0yh1XEMrYllxzV0FpX/fr
        eDGEZcg/QQ==
        -----END ENCRYPTED PRIVATE KEY-----
        """
    )

    /// A key of none of them.
    static let otherKey = file(
        "other-key.pem",
        """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg4RnzFJ8gUAqq+ohD
        U5Nn84LNBkNEN/VHhUxKu7PYUK6hRANCAATFmEq9yK3X7gRCNq0fpKWe8vbvptea
        iKTN/tky+bEsqf+OSs5gbcWZyzC2QdP+oZ1JWp3/Dk128X+NX5UeZ+bR
        -----END PRIVATE KEY-----
        """
    )

    private static func file(_ path: String, _ text: String) -> PEMFile {
        PEMFile(path: path, octets: Array(text.utf8))
    }
}
