@sut:server
Feature: The release of the IM Server in User-Agent and Server (F.1)

  Rule: The first product is IM-serv/OMA1.0

    @F.1-p1b @F.1-p2a @F.1-p2b @F.1-p3b @F.1-p3c
    Scenario: a response that the IM Server gives itself
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Mallory, whose user is not authorised
      And a registered IM Client Bob
      When Mallory sends a pager-mode message to Bob
      Then Mallory is answered 403 Forbidden
      And Bob does not receive the message

    @F.1-p1b @F.1-p2b @F.1-p3b @F.1-p3c
    Scenario: a request that the IM Server sends itself
      Given an IM Server that performs the Participating IM Function
      And a registered IM Client Bob
      When the IM Server sends a system message to Bob
      Then Bob receives the message
