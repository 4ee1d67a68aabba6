-- Whether somebody is online by hotspot or by PPPoE is counted every few seconds: looked up in the entitlement of each session, that
-- was most of the dashboard's time. A column without a default is added at once, whatever the table holds.
-- AlterTable
ALTER TABLE "session" ADD COLUMN     "service" "ServiceType";
